using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>
/// Stands between a recorded driver and its loop: what the driver posts is the completion of one of
/// its operations, which is recorded before the loop's own waiters are posted. What it reports is
/// recorded too: an error handler may use the loop.
/// </summary>
/// <remarks>Threads as in <see cref="CoroutineScheduler"/>.</remarks>
internal sealed class CompletionScheduler(
    CoroutineScheduler loop, Action<LoopErrorContext> beforeReport)
    : CoroutineScheduler
{
    /// <inheritdoc/>
    public override TimeSpan Time => loop.Time;

    /// <inheritdoc/>
    public override bool Debug => loop.Debug;

    /// <inheritdoc/>
    internal override ForeignWaits? ForeignWaits
    {
        get => loop.ForeignWaits;
        set => loop.ForeignWaits = value;
    }

    /// <inheritdoc/>
    public override void Post(LoopWork work)
    {
        if (work is CompletionRelay relay)
        {
            relay.OnCompleted();
        }
        else
        {
            loop.Post(work);
        }
    }

    /// <inheritdoc/>
    public override void PostThreadSafe(LoopWork work) => loop.PostThreadSafe(work);

    /// <inheritdoc/>
    public override void Arm(LoopWork work, TimeSpan when) => loop.Arm(work, when);

    /// <inheritdoc/>
    public override bool Disarm(LoopWork work) => loop.Disarm(work);

    /// <inheritdoc/>
    public override void Report(LoopErrorContext context)
    {
        beforeReport(context);
        loop.Report(context);
    }

    /// <inheritdoc/>
    protected internal override void OnTaskStarted(TaskStep step) => loop.OnTaskStarted(step);

    /// <inheritdoc/>
    protected internal override void OnTaskFinished(TaskStep step) => loop.OnTaskFinished(step);

    /// <inheritdoc/>
    internal override void OnLeftover(ILeftover leftover) => loop.OnLeftover(leftover);

    /// <inheritdoc/>
    internal override void OnOutcomeOwed(LoopWork outcome) => loop.OnOutcomeOwed(outcome);

    /// <inheritdoc/>
    internal override void OnOutcomeGiven(LoopWork outcome) => loop.OnOutcomeGiven(outcome);

    /// <inheritdoc/>
    internal override void CheckThread() => loop.CheckThread();

    /// <inheritdoc/>
    internal override string DescribeReady() => loop.DescribeReady();
}
