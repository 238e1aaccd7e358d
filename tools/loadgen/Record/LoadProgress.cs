namespace Reactor.Tools.Loadgen;

/// <summary>The state of a run at a whole second, for a line of progress. Any thread.</summary>
/// <param name="At">The time since the begin, warm-up included.</param>
/// <param name="Responses">Responses since the line before.</param>
/// <param name="Failed">Requests and connects that failed so far.</param>
/// <param name="P99">The 99th percentile of the response time so far; null without samples.
/// </param>
internal readonly record struct LoadProgress(
    TimeSpan At, long Responses, long Failed, TimeBound? P99);
