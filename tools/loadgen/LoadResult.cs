namespace Reactor.Tools.Loadgen;

/// <summary>
/// The result of a run; everything that a report needs. Immutable; any thread.
/// </summary>
internal sealed record LoadResult
{
    public required LoadPlan Plan { get; init; }

    /// <summary>Actual duration of the window.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Accounting of the requests sent in the window.</summary>
    public required Tally Measured { get; init; }

    /// <summary>Accounting of the requests sent before the window.</summary>
    public required Tally WarmUp { get; init; }

    /// <summary>From each send to the last byte of its response, in nanoseconds.</summary>
    public required Histogram ServiceTimes { get; init; }

    /// <summary>Responses per second, sampled every 100 ms.</summary>
    public required IReadOnlyList<double> Rates { get; init; }

    /// <summary>Connections made, including the warm-up.</summary>
    public long Connects { get; init; }

    /// <summary>Connections among them that replaced an earlier one.</summary>
    public long Reconnects { get; init; }

    /// <summary>True if a signal ended the run early.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>True if at least one response was 2xx or 3xx.</summary>
    public bool HasSuccess => Measured[RequestEnd.Completed] > Measured.NotSuccessful;
}
