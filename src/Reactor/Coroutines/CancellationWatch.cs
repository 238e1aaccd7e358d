namespace Reactor;

/// <summary>
/// Debug mode's alarm for a swallowed cancellation: it was thrown into the task, the task went on
/// to another suspension, and a while later it has neither ended nor taken the cancellation back
/// with <c>Uncancel</c>. Python needs none, because there <c>except Exception</c> lets a
/// cancellation pass; C#'s <c>catch (Exception)</c> does not.
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

    public void Begin()
    {
        if (!_isArmed)
        {
            _isArmed = true;
            step.Scheduler.Arm(this, step.Scheduler.MomentAfter(CleanupMax));
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
            return;
        }

        step.Scheduler.Report(new LoopErrorContext
        {
            Message = "A cancellation was swallowed: "
                + $"{ShownText.Of(task)} was cancelled and still waits "
                + $"{CleanupMax.TotalSeconds:0} s later; let LoopCanceledException pass a "
                + "catch (Exception), or take the cancellation back with Uncancel().",
            Future = task,
            CreatedAt = task.CreatedAt,
        });
    }
}
