namespace Reactor.Tools.Loadgen;

/// <summary>
/// The result of a run: everything that judges and reports need, and all that the JSON keeps, so
/// that a saved run can be reported and merged again. Immutable; any thread.
/// </summary>
internal sealed record LoadResult
{
    /// <summary>What was asked for.</summary>
    public required RunDescription Run { get; init; }

    /// <summary>Wall time at which the window opened, for logs.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Actual duration of the window.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Accounting of the requests scheduled in the window.</summary>
    public required Tally Measured { get; init; }

    /// <summary>Accounting of the requests scheduled before the window.</summary>
    public required Tally WarmUp { get; init; }

    /// <summary>Requests of the warm-up that were in flight when the window opened.</summary>
    public long InFlightAtStart { get; init; }

    /// <summary>The times of the measured requests.</summary>
    public required LoadTimes Times { get; init; }

    /// <summary>
    /// The shortest service time of the whole run, warm-up included: what the server takes while it
    /// has nothing else to do. Null if not known; then that of the window stands in.
    /// </summary>
    public TimeSpan? FastestService { get; init; }

    /// <summary>Responses per second, sampled every 100 ms of the window (wrk's Req/Sec).</summary>
    public required IReadOnlyList<double> Rates { get; init; }

    /// <summary>The intervals of the window, in order.</summary>
    public IReadOnlyList<Interval> Intervals { get; init; } = [];

    /// <summary>Complete responses of the window by status.</summary>
    public IReadOnlyDictionary<int, long> Statuses { get; init; } = new Dictionary<int, long>();

    /// <summary>The first example of each cause, in the order of their occurrence.</summary>
    public IReadOnlyList<ErrorExample> Examples { get; init; } = [];

    /// <summary>
    /// Responses with a deviation from HTTP/1.1 that this client tolerates, by its name; of the
    /// whole run.
    /// </summary>
    public IReadOnlyDictionary<string, long> Tolerated { get; init; } =
        new Dictionary<string, long>();

    /// <summary>Connections made, including the warm-up.</summary>
    public long Connects { get; init; }

    /// <summary>Connections among them that replaced an earlier one.</summary>
    public long Reconnects { get; init; }

    /// <summary>Failed connects of the whole run, by cause.</summary>
    public IReadOnlyDictionary<Cause, long> ConnectFailures { get; init; } =
        new Dictionary<Cause, long>();

    /// <summary>
    /// The longest time of the window without a response while a request waited for one, and when
    /// it began, from the start of the window.
    /// </summary>
    public Silence LongestSilence { get; init; }

    /// <summary>
    /// When the last response of the window arrived, from its start; null without a response.
    /// </summary>
    public TimeSpan? LastResponseAt { get; init; }

    /// <summary>
    /// True if connects failed and no connection was open at the end of the window.
    /// </summary>
    public bool EndedDisconnected { get; init; }

    /// <summary>This program's own state in the window.</summary>
    public ClientHealth Client { get; init; } = new();

    /// <summary>The server's cost in the window; null if no process was named.</summary>
    public ServerCost? Server { get; init; }

    /// <summary>True if a signal ended the window early, or came before the start.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>True if at least one response of the window was what was expected.</summary>
    public bool HasSuccess => Measured.Ok > 0;
}

/// <summary>A time without a response.</summary>
internal readonly record struct Silence(TimeSpan Begin, TimeSpan Length);

/// <summary>The first failure of a cause.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="At">When, from the start of the window; negative in the warm-up.</param>
/// <param name="Text">
/// A sentence; for a parse error the rejection and the first 80 bytes, escaped.
/// </param>
internal sealed record ErrorExample(Cause Cause, TimeSpan At, string Text);

/// <summary>One interval of the window. A sample belongs to that of its scheduled time.</summary>
/// <remarks>
/// The histograms are kept packed, because a long run has thousands of intervals: each reading of
/// the property unpacks a copy.
/// </remarks>
internal sealed record Interval
{
    private readonly PackedHistogram _response = null!;
    private readonly PackedHistogram _service = null!;

    /// <summary>The begin, from the start of the window.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>
    /// The length; the last may be shorter, or by the lateness of the end longer.
    /// </summary>
    public required TimeSpan Length { get; init; }

    /// <summary>Requests scheduled in it.</summary>
    public long Scheduled { get; init; }

    /// <summary>Requests of these that were not ok.</summary>
    public long Failed { get; init; }

    /// <summary>Complete responses that arrived in it, of any phase.</summary>
    public long Arrived { get; init; }

    /// <summary>The response times of its requests with a complete response.</summary>
    public required Histogram Response
    {
        get => _response.Unpack();
        init => _response = new PackedHistogram(value);
    }

    /// <summary>The service times of the same requests.</summary>
    public required Histogram Service
    {
        get => _service.Unpack();
        init => _service = new PackedHistogram(value);
    }
}
