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

    /// <summary>Maximum number of workers; more threads than cores measure themselves.</summary>
    public const int ThreadsMax = 64;

    /// <summary>Maximum of <see cref="Count"/>: a day at ten million a second.</summary>
    public const long CountMax = 1_000_000_000_000;

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

    /// <summary>Maximum wait for a connection. Default 2 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Workers, each a thread with a loop and its share of the connections.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// The instants of an open loop, with the warm-up at its begin; null for a closed loop.
    /// </summary>
    public Schedule? Schedule { get; init; }

    /// <summary>
    /// Stages of a closed loop: the number of connections in use over time, in the window; empty
    /// for a constant number. <see cref="Connections"/> is the number at the start.
    /// </summary>
    public IReadOnlyList<Stage> ConnectionStages { get; init; } = [];

    /// <summary>What to do with a request that finds no free connection.</summary>
    public OnFull OnFull { get; init; } = OnFull.Queue;

    /// <summary>How loops wait for the next release.</summary>
    public IdleMode Idle { get; init; } = IdleMode.Hybrid;

    /// <summary>The highest number of connections that the plan asks for.</summary>
    public int ConnectionsPeak => (int)ConnectionStages.Append(new Stage(default, Connections))
        .Max(stage => stage.Target);

    /// <summary>
    /// The exact number of measured requests; null if the duration alone ends the window.
    /// </summary>
    public long? Count { get; init; }

    /// <summary>False to use each connection for one request.</summary>
    public bool KeepAlive { get; init; } = true;

    /// <summary>Requests after which a connection is replaced; null for no limit.</summary>
    public int? RequestsPerConnection { get; init; }

    /// <summary>A Unix socket to connect to instead of the URL's host; null for TCP.</summary>
    public string? UnixSocket { get; init; }

    /// <summary>What a response must be to count as a success.</summary>
    public Expectation Expectation { get; init; } = new();

    /// <summary>The length of the intervals of reports and logs. Default 1 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Wall time at which the run begins; null for at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>The values for reports.</summary>
    public required RunDescription Description { get; init; }

    /// <summary>True to print no progress.</summary>
    public bool IsQuiet { get; init; }
}
