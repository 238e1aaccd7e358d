namespace Reactor;

/// <summary>
/// What the closing loop reports: an exception never retrieved, or a coroutine never awaited.
/// </summary>
internal interface ILeftover
{
    /// <summary>True once there is nothing to report. Any thread.</summary>
    bool IsSettled { get; }

    /// <summary>Reports it unless it is settled; idempotent.</summary>
    void ReportIfUnsettled();
}

/// <summary>Carries a report from the finalizer thread to the loop thread.</summary>
internal sealed class LeftoverReport(ILeftover leftover) : LoopWork
{
    /// <inheritdoc/>
    public override void Run() => leftover.ReportIfUnsettled();

    /// <inheritdoc/>
    internal override bool IsIncidental => true;
}
