namespace Reactor.Tools.Loadgen;

/// <summary>
/// What the test server does with each request, what it records, and how long its end may take.
/// Every member has a default: a server that responds at once. Immutable; any thread.
/// </summary>
internal sealed record ServePlan
{
    /// <summary>The time of work on each request.</summary>
    public ServiceDelay Delay { get; init; } = ServiceDelay.None;

    /// <summary>The most requests per second; null for no limit.</summary>
    public double? Limit { get; init; }

    /// <summary>The seed of the order of delays.</summary>
    public ulong Seed { get; init; }

    /// <summary>True to record the instant of each arrival.</summary>
    public bool Stamps { get; init; }

    /// <summary>
    /// How long a stop waits for requests in progress. Default 5 s, below the 10 s after which
    /// container platforms kill a process.
    /// </summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
