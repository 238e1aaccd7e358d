namespace Reactor.Tools.Loadgen;

/// <summary>
/// The parameters of one measurement, with the reasons for limits and defaults.
/// Immutable; any thread.
/// </summary>
internal sealed record LoadPlan
{
    /// <summary>
    /// Maximum number of connections: the ports of one local address towards one remote address.
    /// </summary>
    public const int ConnectionsMax = 65_535;

    /// <summary>
    /// Maximum requests in flight per connection; far beyond any server's batch.
    /// </summary>
    public const int PipelineMax = 1024;

    /// <summary>The target.</summary>
    public required TargetUrl Url { get; init; }

    /// <summary>The request.</summary>
    public required PreparedRequest Request { get; init; }

    /// <summary>
    /// Connections; each sends its next request when the last is answered. Default 64: enough to
    /// keep a few cores busy, few enough that queueing does not dominate.
    /// </summary>
    public int Connections { get; init; } = 64;

    /// <summary>Requests in flight per connection. Default 1, no pipelining.</summary>
    public int PipelineDepth { get; init; } = 1;

    /// <summary>Duration of the measurement. Default 10 s, as wrk.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Load before the measurement. Default 500 ms: enough to connect and to compile this
    /// program's hot path.
    /// </summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Wait for responses after the last request. Default 1 s; later responses count as in
    /// flight.
    /// </summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Maximum wait for a response, and for a connection. Default 2 s, as wrk.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>True to print the distribution.</summary>
    public bool ShowsDistribution { get; init; }

    /// <summary>True to print no progress.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>The values for reports.</summary>
    public RunDescription Describe() => new()
    {
        Url = Url.Text,
        Connections = Connections,
        PipelineDepth = PipelineDepth,
        Duration = Duration,
        WarmUp = WarmUp,
        Drain = Drain,
        Timeout = Timeout,
    };
}
