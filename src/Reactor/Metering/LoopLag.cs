namespace Reactor;

/// <summary>
/// How late the timers of a loop were queued in the last ten to twenty seconds (Node:
/// <c>monitorEventLoopDelay</c>): a long turn delays the timers after it. A value; any thread.
/// </summary>
/// <param name="Count">The number of timers.</param>
/// <param name="P50">The median; at most an eighth too high.</param>
/// <param name="P99">The 99th percentile; at most an eighth too high.</param>
/// <param name="Max">The maximum.</param>
/// <remarks>A timer set for a past moment counts as late by that much.</remarks>
public readonly record struct LoopLag(long Count, TimeSpan P50, TimeSpan P99, TimeSpan Max);
