using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>
/// Stands between a recorded driver and its loop: what the driver posts is the completion of one of
/// its operations, which is recorded before the loop's own waiters are posted.
/// </summary>
/// <remarks>Threads as in <see cref="CoroutineScheduler"/>.</remarks>
internal sealed class CompletionScheduler(CoroutineScheduler loop) : CoroutineScheduler
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
    public override void Report(LoopErrorContext context) => loop.Report(context);

    /// <inheritdoc/>
    internal override void CheckThread() => loop.CheckThread();

    /// <inheritdoc/>
    internal override string DescribeReady() => loop.DescribeReady();
}
