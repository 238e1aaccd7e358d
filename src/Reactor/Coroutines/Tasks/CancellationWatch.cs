namespace Reactor;

/// <summary>
/// Debug mode's alarm for a cancellation that a foreign await delays or the task swallowed: C#'s
/// <c>catch (Exception)</c> catches it, Python's <c>except Exception</c> does not.
/// </summary>
/// <remarks>
/// After a time, because a wait in a <c>finally</c> block looks like one after a swallowed
/// cancellation.
/// </remarks>
internal sealed class CancellationWatch(TaskCancellation cancellation, FrameStack step) : LoopWork
{
    public static readonly TimeSpan CleanupMax = TimeSpan.FromSeconds(1);

    private bool _isArmed;
    private TimeSpan _due;

    public void Begin()
    {
        _due = step.Scheduler.MomentAfter(CleanupMax);
        if (!_isArmed)
        {
            Arm();
        }
    }

    public void End()
    {
        if (_isArmed)
        {
            // If it is due it is in the ready queue, and does nothing when it runs.
            _isArmed = IsQueued;
            step.Scheduler.Disarm(this);
        }
    }

    /// <inheritdoc/>
    public override void Run()
    {
        _isArmed = false;
        var task = (Future)step.Owner;
        if (task.IsDone || cancellation.Requests == 0)
        {
            return;
        }

        if (cancellation.IsKept)
        {
            Begin();
        }
        else if (step.Scheduler.Time < _due)
        {
            Arm();
        }
        else if (!cancellation.IsPending)
        {
            task.Report(
                $"A cancellation was swallowed: {ShownText.Of(task)} was cancelled and still waits "
                + $"{CleanupMax.TotalSeconds:0} s later; let LoopCanceledException pass a "
                + "catch (Exception), or take the cancellation back with Uncancel().");
        }
        else if (step.DescribeForeignAwait() is { } foreign)
        {
            task.Report(
                $"A cancellation waits for a foreign await: {ShownText.Of(task)} was cancelled and "
                + $"{CleanupMax.TotalSeconds:0} s later still awaits {foreign}, which cannot be "
                + "interrupted; give the call LoopTask.CurrentToken, or await it through "
                + "OnLoop().");
        }
    }

    private void Arm()
    {
        _isArmed = true;
        step.Scheduler.Arm(this, _due);
    }
}
