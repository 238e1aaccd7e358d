using System.Diagnostics.CodeAnalysis;

namespace Reactor;

/// <summary>
/// A fixed number of threads of its own, for work that would hold up the runtime's pool, or of
/// which only so many may run at once (Python: <c>concurrent.futures.ThreadPoolExecutor</c>).
/// </summary>
/// <remarks>
/// <para>
/// Work is begun in the order in which it was submitted. A thread is started by a submit that finds
/// none idle, until there are as many as allowed; they end after <see cref="Shutdown()"/>. They are
/// background threads: they do not keep the process alive.
/// </para>
/// <para>Any thread. Nothing here waits, but for a lock that is held for a few instructions.</para>
/// </remarks>
public sealed class ThreadPoolExecutor : IExecutor
{
    private readonly ThreadPoolExecutorOptions _options;
    private readonly Queue<(Action Work, Action? Dropped)> _pending = new();
    private readonly TaskCompletionSource _completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    // An object, not a Lock: idle threads wait on it.
    private readonly object _gate = new();
    private int _threads;
    private int _started;
    private int _idle;
    private int _unfinished;
    private bool _isShutDown;

    /// <summary>Makes one; it starts no thread yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public ThreadPoolExecutor(ThreadPoolExecutorOptions? options = null)
    {
        _options = options ?? new ThreadPoolExecutorOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Threads, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxPending, 1, nameof(options));
    }

    /// <summary>Ends once it was shut down and its last thread has left its work.</summary>
    public Task Completion => _completion.Task;

    /// <summary>How many threads wait for work that nobody has promised them.</summary>
    internal int IdleThreads
    {
        get
        {
            lock (_gate)
            {
                return _idle;
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">
    /// It was shut down, or <see cref="ThreadPoolExecutorOptions.MaxPending"/> wait already.
    /// </exception>
    public void Submit(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Enqueue(work, null);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">
    /// It was shut down, or <see cref="ThreadPoolExecutorOptions.MaxPending"/> wait already.
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
    /// Refuses new work and lets the threads end when the queue is empty. Does not wait: await
    /// <see cref="Completion"/>, or <c>loop.ShutdownExecutor</c> for the loop's default executor.
    /// </summary>
    /// <param name="cancelPending">
    /// True drops what has not begun; the futures of <c>RunInExecutor</c> are cancelled then.
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

            // Counted together with the running ones: what a thread is about to take waits for
            // nobody.
            if (_unfinished - _options.Threads >= _options.MaxPending)
            {
                throw new InvalidOperationException(
                    $"The executor's {_options.Threads} threads are busy and " +
                    $"{_options.MaxPending} pieces of work wait already: await some before you " +
                    "submit more, or raise ThreadPoolExecutorOptions.MaxPending.");
            }

            if (_idle > 0)
            {
                _idle--; // claimed here, or two submits in a row would count on one thread
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
        thread.UnsafeStart(); // it lives on, and must not hold on to the context of whoever came
        _started++;
        _threads++;
    }

    private void RunWork()
    {
        ExecutionContext own = LoopContext.CaptureValues();
        for (bool hasWorked = false; TryTake(hasWorked, out Action? work); hasWorked = true)
        {
            ThrownWork.Run(work);
            LoopContext.Enter(own); // what it wrote there is not for the next one
        }
    }

    /// <summary>Waits for work; false when the thread shall end.</summary>
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
