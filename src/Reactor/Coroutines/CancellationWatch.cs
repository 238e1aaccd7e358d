namespace Reactor;

/// <summary>
/// Debug mode's alarm for a cancellation that does not arrive: the task waits for something
/// foreign, which cannot be interrupted; or it swallowed the cancellation: it was thrown into the
/// task, the task went on to another suspension, and a while later it has neither ended nor taken
/// the cancellation back with <c>Uncancel</c>. Python needs no alarm for that, because there
/// <c>except Exception</c> lets a cancellation pass; C#'s <c>catch (Exception)</c> does not.
/// </summary>
/// <remarks>
/// Loop thread only. Nobody can tell a wait in a <c>finally</c> block, which is right, from one
/// after a swallowed cancellation, except by waiting for the end. So a task has some time for its
/// cleanup. A report at the second suspension was rejected: it would blame every cleanup that
/// awaits.
/// </remarks>
internal sealed class CancellationWatch(Trampoline step, Future task) : LoopWork
{
    /// <summary>
    /// What a cleanup may take: a second is long for a loop, and short for a person.
    /// </summary>
    public static readonly TimeSpan CleanupMax = TimeSpan.FromSeconds(1);

    private bool _isArmed;
    private TimeSpan _due;

    /// <summary>Has it look a while from now; where it was to look earlier, not before.</summary>
    public void Begin()
    {
        _due = step.Scheduler.MomentAfter(CleanupMax);
        if (!_isArmed)
        {
            _isArmed = true;
            step.Scheduler.Arm(this, _due);
        }
    }

    public void End()
    {
        if (_isArmed)
        {
            // One that is due already lies in the ready queue and sees that it is over.
            _isArmed = IsQueued;
            step.Scheduler.Disarm(this);
        }
    }

    /// <inheritdoc/>
    public override void Run()
    {
        _isArmed = false;
        if (task.IsDone || step.CancelRequests == 0)
        {
            return;
        }

        if (step.KeepsCancellation)
        {
            Begin();
        }
        else if (step.Scheduler.Time < _due)
        {
            _isArmed = true;
            step.Scheduler.Arm(this, _due);
        }
        else if (!step.IsCancelPending)
        {
            Report(
                $"A cancellation was swallowed: {ShownText.Of(task)} was cancelled and still waits "
                + $"{CleanupMax.TotalSeconds:0} s later; let LoopCanceledException pass a "
                + "catch (Exception), or take the cancellation back with Uncancel().");
        }
        else if (step.DescribeForeignAwait() is { } foreign)
        {
            Report(
                $"A cancellation waits for a foreign await: {ShownText.Of(task)} was cancelled and "
                + $"{CleanupMax.TotalSeconds:0} s later still awaits {foreign}, which cannot be "
                + "interrupted; give the call LoopTask.CurrentToken, or await it through "
                + "OnLoop().");
        }
    }

    private void Report(string message) => step.Scheduler.Report(new LoopErrorContext
    {
        Message = message,
        Future = task,
        CreatedAt = task.CreatedAt,
    });
}
