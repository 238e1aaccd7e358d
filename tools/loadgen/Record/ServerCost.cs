namespace Reactor.Tools.Loadgen;

/// <summary>
/// What the server cost between the start and the end of the window, as the kernel counted it.
/// Immutable; any thread.
/// </summary>
internal sealed record ServerCost
{
    /// <summary>What was read, such as <c>pid 4711</c>.</summary>
    public required string Source { get; init; }

    /// <summary>User CPU time in the window.</summary>
    public required TimeSpan UserTime { get; init; }

    /// <summary>System CPU time in the window.</summary>
    public required TimeSpan SystemTime { get; init; }

    /// <summary>Time that its threads waited for a core; null where it is not known.</summary>
    public TimeSpan? RunQueueWait { get; init; }

    /// <summary>Voluntary context switches; null where not known.</summary>
    public long? VoluntarySwitches { get; init; }

    /// <summary>Involuntary context switches; null where not known.</summary>
    public long? InvoluntarySwitches { get; init; }

    /// <summary>Peak of the resident memory in bytes; null where not known.</summary>
    public long? ResidentBytesMax { get; init; }
}
