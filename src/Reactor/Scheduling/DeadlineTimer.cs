namespace Reactor;

/// <summary>
/// A deadline of a long-lived object, which sets it repeatedly without an allocation. Loop thread
/// only.
/// </summary>
/// <remarks>
/// Moving the deadline later, or clearing it, only writes a field: the timer falls due at the old
/// moment and is armed again if necessary.
/// </remarks>
public abstract class DeadlineTimer : LoopWork
{
    // A nullable would take two words of each connection.
    private static readonly TimeSpan s_never = TimeSpan.MinValue;

    private readonly CoroutineScheduler _scheduler;
    private readonly ExecutionContext _context = LoopContext.CaptureValues();
    private TimeSpan _armedFor;
    private TimeSpan _due = s_never;

    /// <summary>Makes a timer without a deadline; it runs in the current context.</summary>
    protected DeadlineTimer(CoroutineScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        _scheduler = scheduler;
    }

    /// <summary>The deadline on the scheduler's clock, or null.</summary>
    public TimeSpan? Due => _due == s_never ? null : _due;

    /// <summary>Sets the deadline, in place of the previous one.</summary>
    /// <param name="when">On the scheduler's clock; a past moment is due in the next turn.</param>
    public void Set(TimeSpan when)
    {
        when = when == s_never ? TimeSpan.Zero : when; // both are past
        _due = when;
        if (IsArmed)
        {
            if (_armedFor <= when)
            {
                return;
            }

            _scheduler.Disarm(this);
        }
        else if (IsQueued)
        {
            return; // due for an older deadline; Run compares
        }

        Arm(when);
    }

    /// <summary>Clears the deadline; the timer stays in the queue until its moment.</summary>
    public void Clear() => _due = s_never;

    /// <summary>Clears the deadline and leaves the timer queue.</summary>
    public void Disarm()
    {
        _due = s_never;
        _scheduler.Disarm(this);
    }

    /// <inheritdoc/>
    public sealed override void Run()
    {
        TimeSpan due = _due;
        if (due == s_never)
        {
            return;
        }

        if (due > _armedFor)
        {
            Arm(due);
            return;
        }

        _due = s_never;
        LoopContext.Enter(_context);
        try
        {
            OnDue(due);
        }
        catch (Exception error) when (error is not LoopAbortException)
        {
            _scheduler.Report(new LoopErrorContext
            {
                Message = $"Exception in the timer {ShownText.Of(this)}: "
                    + "catch it there: nothing else can.",
                Exception = error,
            });
        }
    }

    /// <summary>
    /// Called at the deadline, which is then cleared, after the I/O of the same moment.
    /// </summary>
    protected abstract void OnDue(TimeSpan due);

    private void Arm(TimeSpan when)
    {
        _armedFor = when;
        _scheduler.Arm(this, when);
    }
}
