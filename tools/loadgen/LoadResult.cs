namespace Reactor.Tools.Loadgen;

/// <summary>
/// What a run came to; all that a report needs. Not changed any more; any thread.
/// </summary>
internal sealed record LoadResult
{
    public required LoadPlan Plan { get; init; }

    /// <summary>How long the window really was.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The books of the requests that were sent in the window.</summary>
    public required Tally Measured { get; init; }

    /// <summary>The books of the requests that were sent before it.</summary>
    public required Tally WarmUp { get; init; }

    /// <summary>From each send to the last byte of its response, in nanoseconds.</summary>
    public required Histogram ServiceTimes { get; init; }

    /// <summary>Responses per second, sampled every 100 ms.</summary>
    public required IReadOnlyList<double> Rates { get; init; }

    /// <summary>Connections that were made, in the warm-up too.</summary>
    public long Connects { get; init; }

    /// <summary>Connections among them that replaced an earlier one.</summary>
    public long Reconnects { get; init; }

    /// <summary>True if somebody ended the run before its time.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>True if at least one response had a status of 2xx or 3xx.</summary>
    public bool HasSuccess => Measured[RequestEnd.Completed] > Measured.NotSuccessful;
}
