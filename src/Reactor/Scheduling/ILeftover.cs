namespace Reactor;

/// <summary>
/// A failure or a call that the loop reports when it closes, unless it was settled before: an
/// exception that was never retrieved, or a coroutine that was never awaited.
/// </summary>
internal interface ILeftover
{
    /// <summary>True once there is nothing to report any more. Any thread.</summary>
    bool IsSettled { get; }

    /// <summary>Reports it unless it is settled; idempotent.</summary>
    void ReportIfUnsettled();
}

/// <summary>Carries a report from the finalizer thread to the loop thread.</summary>
internal sealed class LeftoverReport(ILeftover leftover) : LoopWork
{
    /// <inheritdoc/>
    public override void Run() => leftover.ReportIfUnsettled();
}
