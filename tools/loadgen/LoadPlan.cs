namespace Reactor.Tools.Loadgen;

/// <summary>
/// One measurement as it was asked for; every limit and default of it, each with its reason.
/// Immutable; any thread.
/// </summary>
internal sealed record LoadPlan
{
    /// <summary>
    /// The most connections: one address of ours has no more ports towards one of theirs.
    /// </summary>
    public const int ConnectionsMax = 65_535;

    /// <summary>
    /// The most requests in flight on a connection; far beyond any server's batch.
    /// </summary>
    public const int PipelineMax = 1024;

    /// <summary>What is loaded.</summary>
    public required TargetUrl Url { get; init; }

    /// <summary>What is sent.</summary>
    public required PreparedRequest Request { get; init; }

    /// <summary>
    /// Connections, each with its next request on its way as soon as the last was answered. Default
    /// 64: enough to keep a server on a few cores busy, few enough that queueing does not hide it.
    /// </summary>
    public int Connections { get; init; } = 64;

    /// <summary>Requests in flight on each connection. Default 1, no pipelining.</summary>
    public int PipelineDepth { get; init; } = 1;

    /// <summary>How long is measured. Default 10 s, wrk's.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Load before that, which is not measured. Default 500 ms: connecting, and compiling this
    /// program's own hot path, are over by then.
    /// </summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How long answers are waited for after the last request was sent. Default 1 s: what is not
    /// there by then is counted as in flight.
    /// </summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait for an answer, and for a connection. Default 2 s, wrk's.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>True to print the distribution.</summary>
    public bool ShowsDistribution { get; init; }

    /// <summary>True to print no progress.</summary>
    public bool IsQuiet { get; init; }
}
