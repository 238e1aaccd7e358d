using System.Diagnostics;

namespace Reactor;

/// <summary>
/// Shared state of a pool's threads: waiting calls, slots, and whether the pool accepts calls.
/// </summary>
/// <remarks>
/// Any thread. One monitor guards all fields, including those of calls and slots marked so; idle
/// slots wait on it. It is held for at most a thread start, so a loop thread may take it.
/// </remarks>
internal sealed class ProcessPoolState(ProcessPoolOptions options)
{
    private readonly object _lock = new();
    private readonly LinkedList<ProcessCall> _waiting = [];
    private readonly List<WorkerSlot> _slots = [];
    private readonly TaskCompletionSource _ended = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    private int _pending; // waiting or running
    private int _idle; // waiting slots, including those just pulsed
    private int _startFailures; // consecutive
    private bool _hasStarted;
    private bool _isShutDown;
    private bool _isDisposed;
    private string? _broken;

    public Task Ended => _ended.Task;

    public void Submit(ProcessCall call)
    {
        lock (_lock)
        {
            if (_isShutDown)
            {
                throw new InvalidOperationException("Executor shutdown has been called.");
            }

            ThrowIfUseless();
            if (_pending >= options.PendingMax)
            {
                throw new ExecutorFullException(
                    $"The process pool has {_pending} calls without an outcome, which is "
                    + "ProcessPoolOptions.PendingMax: await some before more are submitted.");
            }

            if (_waiting.Count >= _idle && _slots.Count < options.Workers)
            {
                var slot = new WorkerSlot(this, options);
                slot.Start(); // may throw, so before the call is added
                _slots.Add(slot);
            }

            call.Place = _waiting.AddLast(call);
            _pending++;
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Drops a cancelled call; kills its worker if it runs.</summary>
    /// <returns>True if no slot had taken the call.</returns>
    public bool Abandon(ProcessCall call)
    {
        lock (_lock)
        {
            call.IsAbandoned = true;
            if (call.Place is { } place)
            {
                _waiting.Remove(place);
                call.Place = null;
                _pending--;
                return true;
            }

            call.Worker?.Kill();
            return false;
        }
    }

    public void Shutdown()
    {
        lock (_lock)
        {
            _isShutDown = true;
            Monitor.PulseAll(_lock);
            EndIfEmpty();
        }
    }

    public void Abort()
    {
        ProcessCall[] dropped;
        lock (_lock)
        {
            _isDisposed = true;
            dropped = TakeWaiting();
            foreach (WorkerSlot slot in _slots)
            {
                slot.Busy?.Kill();
            }
        }

        Shutdown();
        Fail(dropped);
    }

    public void WaitForEnd()
    {
        // A worker may use the time-out twice: to leave, and after it was killed.
        TimeSpan limit = 3 * options.ShutdownTimeout;
        long begin = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            TimeSpan left = limit;
            while (_slots.Count > 0 && left > TimeSpan.Zero && Monitor.Wait(_lock, left))
            {
                left = limit - Stopwatch.GetElapsedTime(begin);
            }
        }
    }

    /// <summary>Waits for the next call. Returns null when there will be none.</summary>
    public ProcessCall? WaitForCall()
    {
        lock (_lock)
        {
            _idle++;
            while (_waiting.Count == 0 && !_isShutDown)
            {
                Monitor.Wait(_lock);
            }

            _idle--;
            if (_waiting.First?.Value is not { } call)
            {
                return null;
            }

            _waiting.RemoveFirst();
            call.Place = null;
            return call;
        }
    }

    public void NoteStarting(WorkerSlot slot, WorkerProcess worker)
    {
        lock (_lock)
        {
            slot.Busy = worker;
            if (_isDisposed)
            {
                worker.Kill();
            }
        }
    }

    public void NoteStarted()
    {
        lock (_lock)
        {
            _hasStarted = true;
            _startFailures = 0;
        }
    }

    public void NoteStartFailure(WorkerStartException failure)
    {
        ProcessCall[] dropped;
        lock (_lock)
        {
            _startFailures++;
            bool isLast = _startFailures >= ProcessPoolOptions.StartFailuresMax
                || (failure.IsHopeless && !_hasStarted);
            if (!isLast || _isDisposed)
            {
                return;
            }

            _broken ??= "The process pool is broken: its workers do not start "
                + $"({_startFailures} in a row). {failure.Message}";
            dropped = TakeWaiting();
        }

        Fail(dropped);
    }

    public void Begin(WorkerSlot slot, ProcessCall call, WorkerProcess worker)
    {
        lock (_lock)
        {
            ThrowIfUseless();
            if (call.IsAbandoned)
            {
                throw new InvalidOperationException("The call was cancelled.");
            }

            slot.Busy = worker;
            call.Worker = worker;
        }
    }

    public bool Finish(WorkerSlot slot, ProcessCall call)
    {
        bool isKilled;
        lock (_lock)
        {
            isKilled = _isDisposed || (call.IsAbandoned && call.Worker is not null);
            call.Worker = null;
            slot.Busy = null;
            _pending--;
        }

        call.Post();
        return isKilled;
    }

    public void Remove(WorkerSlot slot)
    {
        lock (_lock)
        {
            _slots.Remove(slot);
            Monitor.PulseAll(_lock);
            EndIfEmpty();
        }
    }

    public void ThrowIfUseless()
    {
        lock (_lock)
        {
            if (_broken is not null || _isDisposed)
            {
                throw MakeUseless();
            }
        }
    }

    private InvalidOperationException MakeUseless() => _isDisposed
        ? new ObjectDisposedException(
            nameof(ProcessPoolExecutor), "The process pool was disposed before the job ended.")
        : new BrokenProcessPoolException(_broken);

    private ProcessCall[] TakeWaiting()
    {
        ProcessCall[] taken = [.. _waiting];
        _waiting.Clear();
        _pending -= taken.Length;
        foreach (ProcessCall call in taken)
        {
            call.Place = null;
        }

        return taken;
    }

    private void Fail(ProcessCall[] dropped)
    {
        foreach (ProcessCall call in dropped)
        {
            call.Error = MakeUseless();
            call.Post();
        }
    }

    private void EndIfEmpty()
    {
        if (_isShutDown && _slots.Count == 0)
        {
            _ended.TrySetResult();
        }
    }
}
