namespace Reactor.Tools.Loadgen;

/// <summary>
/// What a run was asked to do, as values that a report prints and the JSON keeps. Immutable.
/// </summary>
internal sealed record RunDescription
{
    public required string Url { get; init; }

    public string Method { get; init; } = "GET";

    public int Connections { get; init; } = 1;

    public int Threads { get; init; } = 1;

    public int PipelineDepth { get; init; } = 1;

    /// <summary>
    /// The asked load of an open loop, such as <c>20000/s uniform</c>; null for a closed loop.
    /// </summary>
    public string? Load { get; init; }

    /// <summary>
    /// The integral of the asked rate over the window; null for a closed loop. The requests that
    /// came due differ from it by chance, see <see cref="Tally.Scheduled"/>.
    /// </summary>
    public double? AskedRequests { get; init; }

    /// <summary>
    /// True if a closed loop changes its number of connections: its rate is not constant by design.
    /// </summary>
    public bool HasConnectionStages { get; init; }

    /// <summary>The seed of everything random.</summary>
    public ulong Seed { get; init; }

    public TimeSpan Duration { get; init; }

    public TimeSpan WarmUp { get; init; }

    public TimeSpan Drain { get; init; }

    public TimeSpan Timeout { get; init; }

    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The exact number of measured requests; null if the duration decides.</summary>
    public long? Count { get; init; }

    public string Driver { get; init; } = "";

    public string Idle { get; init; } = "";

    /// <summary>The command line, word by word.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyDictionary<string, string> Tags { get; init; } =
        new Dictionary<string, string>();

    /// <summary>True if instants of release come from a schedule, not from responses.</summary>
    public bool IsOpenLoop => Load is not null;
}
