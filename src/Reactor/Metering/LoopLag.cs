namespace Reactor;

/// <summary>
/// How late the timers of a loop were queued, over its last ten to twenty seconds (Node:
/// <c>monitorEventLoopDelay</c>, without a timer of its own). A value; any thread.
/// </summary>
/// <param name="Count">How many timers fell due.</param>
/// <param name="P50">Half of them were no later than this.</param>
/// <param name="P99">All but one in a hundred were no later than this.</param>
/// <param name="Max">The latest.</param>
/// <remarks>
/// A timer is late when the turn before it took long. The percentiles are upper ends of buckets, at
/// most an eighth above the truth; the maximum is exact. A timer that was booked for a moment in
/// the past counts as late by that much.
/// </remarks>
public readonly record struct LoopLag(long Count, TimeSpan P50, TimeSpan P99, TimeSpan Max);
