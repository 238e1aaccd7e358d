namespace Reactor;

/// <summary>
/// The loop as what its tasks and handles know of it, a scheduler: what they post, arm and report
/// ends here. The turn, which runs it, is in EventLoop.cs.
/// </summary>
public sealed partial class EventLoop
{
    private ErrorReport? _errors; // made by the first error, on any thread

    /// <summary>
    /// Turns that this loop has begun: two moments with the same count lie in one turn, so nothing
    /// was polled between them. Any thread.
    /// </summary>
    public long TurnCount => _meter.Turns;

    /// <inheritdoc/>
    public override void Post(LoopWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (_debug.IsOn)
        {
            ThrowIfForeignThread();
        }

        if (!IsRunning)
        {
            ThrowIfClosed();
            _mailbox.DrainTo(_ready); // what was left there before comes before
        }

        _ready.Enqueue(work);
    }

    /// <inheritdoc/>
    public override void PostThreadSafe(LoopWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (IsOwnThread)
        {
            _ready.Enqueue(work); // first in, first out with CallSoon on the loop's own thread
        }
        else if (!_mailbox.TryPost(work, out bool wake))
        {
            work.OnLoopClosed();
        }
        else if (wake)
        {
            Driver.Wake();
        }
    }

    /// <inheritdoc/>
    public override void Arm(LoopWork work, TimeSpan when)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (_debug.IsOn)
        {
            ThrowIfForeignThread();
        }

        ThrowIfClosed();
        _timers.Queue.Add(work, when.Ticks);
    }

    /// <inheritdoc/>
    public override bool Disarm(LoopWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        CheckThread();
        return _timers.Queue.Cancel(work);
    }

    /// <summary>
    /// When the end of the program must be over, on this loop's clock; null: at any time. What
    /// <see cref="LoopRunner"/> waits for at its end is then cut off at this moment, before
    /// <see cref="EventLoopOptions.CancelTimeout"/> and
    /// <see cref="EventLoopOptions.ExecutorTimeout"/> are over. A moment that has passed by more
    /// than 5 s when that end begins does not count: the program went on.
    /// </summary>
    public TimeSpan? EndBy { get; set; }

    /// <summary>What is left of a wait at the end; null: it has no limit.</summary>
    internal TimeSpan? LeftOf(TimeSpan timeout)
    {
        TimeSpan? limit = TimeLimit.OrNull(timeout);
        TimeSpan? left = EndBy - Time ?? limit;
        return left > limit ? limit : left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }

    /// <inheritdoc/>
    public override void Report(LoopErrorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            LazyInitializer.EnsureInitialized(
                ref _errors, () => new ErrorReport(this, _logger, _options.ErrorLinesPerSecond))
                .Handle(context);
        }
        catch (OutOfMemoryException)
        {
            // Not even a line is left. The caller clears up after an error and must go on.
        }
    }

    /// <inheritdoc/>
    protected internal override void OnTaskStarted(TaskStep step)
    {
        if (_debug.IsOn)
        {
            ThrowIfForeignThread(); // before the task is noted, and not when it posts itself
        }

        _ledger.Add(step);
    }

    /// <inheritdoc/>
    protected internal override void OnTaskFinished(TaskStep step) => _ledger.Remove(step);

    /// <inheritdoc/>
    protected internal override void OnExceptionStored(StoredException stored) =>
        _ledger.Add(stored);

    /// <inheritdoc/>
    internal override string DescribeReady() => _ready.Describe();

    /// <inheritdoc/>
    internal override void OnCallTracked(ITrackedCall call) => _ledger.Add(call);

    /// <inheritdoc/>
    internal override void CheckThread()
    {
        if (_debug.IsOn)
        {
            ThrowIfForeignThread();
        }
    }

    /// <inheritdoc/>
    internal override void OnOutcomeOwed(LoopWork outcome) => _ledger.AddOwed(outcome);

    /// <inheritdoc/>
    internal override void OnOutcomeGiven(LoopWork outcome) => _ledger.RemoveOwed(outcome);

    /// <summary>
    /// Tells all work that is left that it will not run: what was queued, what waits for its time,
    /// and what other threads wait for.
    /// </summary>
    private void DropWork()
    {
        List<LoopWork> left = [.. _mailbox.Close()];
        while (_ready.Count > 0)
        {
            left.Add(_ready.Dequeue());
        }

        left.AddRange(_timers.Queue.TakeAll().OfType<LoopWork>());
        left.AddRange(_ledger.TakeOwed());
        foreach (LoopWork work in left)
        {
            work.OnLoopClosed();
        }
    }

    /// <summary>Debug mode's check of what is for the loop's thread alone.</summary>
    private void ThrowIfForeignThread()
    {
        if (IsRunning && !IsOwnThread)
        {
            throw new InvalidOperationException(
                "Non-thread-safe operation invoked on an event loop other than the current one: " +
                "from another thread use CallSoonThreadSafe, or Submit for a coroutine.");
        }
    }
}
