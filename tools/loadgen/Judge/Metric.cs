namespace Reactor.Tools.Loadgen;

/// <summary>What a threshold may ask of a metric: k6's four kinds.</summary>
internal enum MetricKind
{
    /// <summary>Times: avg, min, max, med, p(N).</summary>
    Trend,

    /// <summary>A share of requests: rate.</summary>
    Rate,

    /// <summary>A number of requests: count, rate (a second).</summary>
    Counter,

    /// <summary>A single number: value.</summary>
    Gauge,
}

/// <summary>
/// A metric of thresholds. The names are k6's, so that its expressions work, and ours without the
/// prefix of HTTP or with the word service. Immutable; any thread.
/// </summary>
/// <param name="Name">The name in an expression.</param>
/// <param name="Kind">Which aggregations are valid.</param>
/// <param name="Units">
/// Valid units with their size. The first is that of a number without one; it may be empty.
/// </param>
internal sealed record Metric(
    string Name, MetricKind Kind, IReadOnlyList<(string Name, decimal Size)> Units)
{
    // k6's times are milliseconds. The size of a time is in nanoseconds.
    private static readonly (string, decimal)[] s_times =
        [("ms", 1_000_000), ("us", 1000), ("s", 1_000_000_000)];

    private static readonly (string, decimal)[] s_shares = [("", 1), ("%", 0.01m)];

    private static readonly (string, decimal)[] s_numbers = [("", 1)];

    private static readonly (string, decimal)[] s_costs = [("us", 1), ("ms", 1000)];

    /// <summary>All metrics, in the order in which help and errors name them.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        // Response time in an open loop, service time in a closed one (k6's is always service).
        new("http_req_duration", MetricKind.Trend, s_times),
        new("http_req_service", MetricKind.Trend, s_times),
        new("http_req_waiting", MetricKind.Trend, s_times),
        new("http_req_connecting", MetricKind.Trend, s_times),
        new("lateness", MetricKind.Trend, s_times),
        new("http_req_failed", MetricKind.Rate, s_shares),
        // Complete responses. k6 counts refused requests too, so that a dead server is fast.
        new("http_reqs", MetricKind.Counter, s_numbers),
        new("dropped_iterations", MetricKind.Counter, s_numbers),
        new("rate_achieved", MetricKind.Gauge, s_shares),
        new("server_cpu_us_per_req", MetricKind.Gauge, s_costs),
    ];

    /// <summary>The valid aggregations.</summary>
    public IReadOnlyList<string> Aggregations => Kind switch
    {
        MetricKind.Trend => ["avg", "min", "max", "med", "p(N)"],
        MetricKind.Rate => ["rate"],
        MetricKind.Counter => ["count", "rate"],
        _ => ["value"],
    };

    /// <summary>Reads a value from a result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="aggregation">One of <see cref="Aggregations"/>; <c>p</c> for p(N).</param>
    /// <param name="percent">N of p(N).</param>
    public MetricValue Read(LoadResult result, string aggregation, decimal percent)
    {
        Tally books = result.Measured;
        double seconds = result.Elapsed.TotalSeconds;
        long count = Name == "http_reqs" ? books.Completed : books.Dropped;
        LoadTimes times = result.Times;
        return Name switch
        {
            "http_req_duration" when result.Run.IsOpenLoop => Of(times.Response),
            "http_req_duration" or "http_req_service" => Of(times.Service),
            "http_req_waiting" => Of(times.FirstByte),
            "http_req_connecting" => Of(new Distribution { Finished = times.Connect }),
            "lateness" => Of(new Distribution { Finished = times.Lateness }),
            "http_req_failed" =>
                Share(books.Failed, books.Ok + books.Failed, "no request has ended"),
            "rate_achieved" => new Evidence(result).Achieved is { } achieved
                ? new MetricValue((decimal)achieved)
                : MetricValue.Missing("a closed loop asks for no rate; use -R"),
            "server_cpu_us_per_req" => result.Server is { } server
                ? Share(
                    (server.UserTime + server.SystemTime).TotalMicroseconds,
                    books.Completed,
                    "no request was answered")
                : MetricValue.Missing("no server was named; use --server-pid"),
            _ when aggregation == "count" => new MetricValue(count),
            _ => Share(count, seconds, "the window is empty"),
        };

        MetricValue Of(Distribution samples) => samples.Count == 0
            ? MetricValue.Missing("there are no samples")
            : aggregation switch
            {
                "avg" => Mean(samples),
                "min" => samples.Finished.Count > 0
                    ? new MetricValue(samples.Finished.AtRank(1))
                    : new MetricValue(samples.Unfinished.AtRank(1), IsLowerBound: true),
                "max" => Bound(samples.Percentile(100)),
                "med" => Known(samples, 50, "med"),
                _ => Known(samples, percent, FormattableString.Invariant($"p({percent})")),
            };
    }

    // The report prints no such percentile either, see SampleRule.
    private static MetricValue Known(Distribution samples, decimal percent, string name) =>
        SampleRule.IsKnown(percent, samples.Count)
            ? Bound(samples.Percentile(percent))
            : MetricValue.Missing($"too few samples for {name}");

    private static MetricValue Bound(TimeBound time) => new(time.Nanoseconds, time.IsLowerBound);

    // The mean with the age of unfinished requests is at most the mean of what they would take.
    private static MetricValue Mean(Distribution samples)
    {
        double sum = (samples.Finished.Mean() * samples.Finished.Count)
            + (samples.Unfinished.Mean() * samples.Unfinished.Count);
        return new MetricValue((decimal)(sum / samples.Count), samples.Unfinished.Count > 0);
    }

    private static MetricValue Share(double part, double whole, string missing) => whole > 0
        ? new MetricValue((decimal)(part / whole))
        : MetricValue.Missing(missing);
}

/// <summary>A value of a metric, or why there is none.</summary>
/// <param name="Value">Nanoseconds for times, else the number; null without a value.</param>
/// <param name="IsLowerBound">True if the value is at least that.</param>
/// <param name="Reason">Why there is no value.</param>
internal readonly record struct MetricValue(
    decimal? Value, bool IsLowerBound = false, string Reason = "")
{
    public static MetricValue Missing(string reason) => new(null, Reason: reason);
}
