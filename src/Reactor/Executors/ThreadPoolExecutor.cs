using System.Diagnostics.CodeAnalysis;

namespace Reactor;

/// <summary>
/// An executor with its own threads, up to a maximum, for work that would block the runtime's pool
/// or needs a concurrency limit (Python: <c>concurrent.futures.ThreadPoolExecutor</c>).
/// </summary>
/// <remarks>
/// Any thread; no method blocks. Work starts in FIFO order. Background threads start on demand and
/// end after <see cref="Shutdown()"/>.
/// </remarks>
public sealed class ThreadPoolExecutor : IExecutor
{
    private readonly ThreadPoolExecutorOptions _options;
    private readonly Queue<(Action Work, Action? Dropped)> _pending = new();
    private readonly TaskCompletionSource _completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Not a Lock, because idle threads wait on its monitor.
    private readonly object _gate = new();
    private int _threads;
    private int _started;
    private int _idle;
    private int _unfinished;
    private bool _isShutDown;

    /// <summary>Creates an executor without starting a thread.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public ThreadPoolExecutor(ThreadPoolExecutorOptions? options = null)
    {
        _options = options ?? new ThreadPoolExecutorOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Threads, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxPending, 1, nameof(options));
    }

    /// <summary>Completes when the executor is shut down and its last thread has ended.</summary>
    public Task Completion => _completion.Task;

    internal int IdleThreads => Volatile.Read(ref _idle);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The executor is shut down.</exception>
    /// <exception cref="ExecutorFullException">
    /// <see cref="ThreadPoolExecutorOptions.MaxPending"/> items wait.
    /// </exception>
    public void Submit(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Enqueue(work, null);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The executor is shut down.</exception>
    /// <exception cref="ExecutorFullException">
    /// <see cref="ThreadPoolExecutorOptions.MaxPending"/> items wait.
    /// </exception>
    public void Submit(Action work, Action dropped)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(dropped);
        Enqueue(work, dropped);
    }

    /// <inheritdoc/>
    public void Shutdown() => Shutdown(cancelPending: false);

    /// <summary>
    /// Rejects new work; threads end when the queue is empty. Does not wait: await <see
    /// cref="Completion"/>.
    /// </summary>
    /// <param name="cancelPending">
    /// True drops queued work and cancels the futures of its <c>RunInExecutor</c> calls.
    /// </param>
    public void Shutdown(bool cancelPending)
    {
        (Action Work, Action? Dropped)[] droppedWork = [];
        lock (_gate)
        {
            _isShutDown = true;
            if (cancelPending)
            {
                droppedWork = [.. _pending];
                _unfinished -= _pending.Count;
                _pending.Clear();
            }

            Monitor.PulseAll(_gate);
            CompleteIfOver();
        }

        foreach (var (_, dropped) in droppedWork)
        {
            dropped?.Invoke();
        }
    }

    private void Enqueue(Action work, Action? dropped)
    {
        lock (_gate)
        {
            if (_isShutDown)
            {
                throw new InvalidOperationException(
                    "Executor shutdown has been called: it takes no new work.");
            }

            // Counts running work, because work that a thread is about to take does not wait.
            if (_unfinished - _options.Threads >= _options.MaxPending)
            {
                throw new ExecutorFullException(
                    $"The executor's {_options.Threads} threads are busy and " +
                    $"{_options.MaxPending} pieces of work wait already: await some before you " +
                    "submit more, or raise ThreadPoolExecutorOptions.MaxPending.");
            }

            if (_idle > 0)
            {
                _idle--; // claim now: two submits must not use the same thread
                Monitor.Pulse(_gate);
            }
            else if (_threads < _options.Threads)
            {
                StartThread();
            }

            _unfinished++;
            _pending.Enqueue((work, dropped));
        }
    }

    private void StartThread()
    {
        var thread = new Thread(RunWork)
        {
            Name = $"{_options.ThreadNamePrefix}-{_started + 1}",
            IsBackground = true,
        };
        thread.UnsafeStart(); // a long-lived thread must not keep the caller's context
        _started++;
        _threads++;
    }

    private void RunWork()
    {
        ExecutionContext own = LoopContext.CaptureValues();
        for (bool hasWorked = false; TryTake(hasWorked, out Action? work); hasWorked = true)
        {
            ThrownWork.Run(work);
            LoopContext.Enter(own); // discard the context changes of this work
        }
    }

    private bool TryTake(bool hasWorked, [NotNullWhen(true)] out Action? work)
    {
        lock (_gate)
        {
            _unfinished -= hasWorked ? 1 : 0;
            while (true)
            {
                if (_pending.TryDequeue(out var job))
                {
                    work = job.Work;
                    return true;
                }

                if (_isShutDown)
                {
                    _threads--;
                    CompleteIfOver();
                    work = null;
                    return false;
                }

                _idle++;
                Monitor.Wait(_gate);
            }
        }
    }

    private void CompleteIfOver()
    {
        if (_isShutDown && _threads == 0)
        {
            _completion.TrySetResult();
        }
    }
}
