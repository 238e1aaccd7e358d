namespace Reactor;

/// <summary>
/// One deadline that is set again and again, and is its own entry in the timer queue: it allocates
/// nothing after it was made. Derive from it where a deadline belongs to something that lives long,
/// as to a connection; for a callback that is due once there is <c>loop.CallLater</c>.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// It is armed lazily. A deadline that moves later, or is cleared, costs a write to a field: the
/// timer falls due at the old moment, sees what holds now, and is armed anew if need be. So a
/// deadline that each request moves costs one operation on the timer queue in its whole length, not
/// one a request. Only one that moves earlier is armed at once.
/// </para>
/// </remarks>
public abstract class LoopTimer : LoopWork
{
    /// <summary>
    /// No deadline. A moment of the clock is never negative; a nullable would take two words of
    /// each connection's timers.
    /// </summary>
    private static readonly TimeSpan s_never = TimeSpan.MinValue;

    private readonly CoroutineScheduler _scheduler;
    private readonly ExecutionContext _context = LoopContext.CaptureValues();
    private TimeSpan _armedFor;
    private TimeSpan _due = s_never;

    /// <summary>A timer that is not set; its callback runs in the context of now.</summary>
    /// <param name="scheduler">Whose clock and timers it uses; nearly always the loop.</param>
    protected LoopTimer(CoroutineScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        _scheduler = scheduler;
    }

    /// <summary>The deadline on the scheduler's clock; null if there is none.</summary>
    public TimeSpan? Due => _due == s_never ? null : _due;

    /// <summary>Sets the deadline, instead of the one before.</summary>
    /// <param name="when">On the scheduler's clock; one that has passed is due next turn.</param>
    public void Set(TimeSpan when)
    {
        when = when == s_never ? TimeSpan.Zero : when; // either has passed
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
            return; // it has fallen due for an older deadline, and compares when it runs
        }

        Arm(when);
    }

    /// <summary>
    /// Takes the deadline back; the timer stays armed, and falls due for nothing.
    /// </summary>
    public void Clear() => _due = s_never;

    /// <summary>
    /// Takes the deadline back and leaves the timer queue: for the end, so that the queue does not
    /// hold what is over.
    /// </summary>
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
    /// The deadline has come, and is not set any more. Runs from the ready queue, after the I/O
    /// that came by the same moment: what arrives exactly at the deadline is in time.
    /// </summary>
    /// <param name="due">The deadline, which is now or has just passed.</param>
    protected abstract void OnDue(TimeSpan due);

    private void Arm(TimeSpan when)
    {
        _armedFor = when;
        _scheduler.Arm(this, when);
    }
}
