namespace Reactor;

/// <summary>
/// How late the timers of a loop were queued in the last ten to twenty seconds (Node:
/// <c>monitorEventLoopDelay</c>). A timer set for a past moment counts as late. A value; any
/// thread.
/// </summary>
public readonly record struct LoopLag
{
    /// <summary>The number of timers.</summary>
    public long Count { get; init; }

    /// <summary>The median; at most an eighth too high.</summary>
    public TimeSpan P50 { get; init; }

    /// <summary>The 99th percentile; at most an eighth too high.</summary>
    public TimeSpan P99 { get; init; }

    /// <summary>The exact maximum.</summary>
    public TimeSpan Max { get; init; }
}
