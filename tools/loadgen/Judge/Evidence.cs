// The figures that the verdict rests on, derived from a result once.
//
// Rates: an interval of the result may be shorter than a second, so intervals are joined to whole
// seconds. In an open loop a second counts as arrived ÷ scheduled, so that a ramp is not noise. A
// longer interval would hide what happens in it; the seconds are then made of the samples of
// 100 ms. Those have no number of scheduled requests, which is known only of an even load: for
// another one the variation is not.
//
// Few samples vary by chance. Counting whole responses shifts a second by up to one response at
// each end, which is 10 % only below ten a second, and a deviation of two numbers says nothing.
// So the variation is known only from three whole seconds with ten responses each on average. For
// less than that a stall is the evidence: a tenth of the window without a response.
namespace Reactor.Tools.Loadgen;

/// <summary>What a result says about the run. Immutable; pure.</summary>
internal sealed class Evidence
{
    /// <summary>Whole seconds from which a variation of rates is known.</summary>
    public const int SecondsMin = 3;

    /// <summary>Mean responses per second from which a variation of rates is known.</summary>
    public const int ResponsesMin = 10;

    /// <summary>
    /// A silence is a stall of the server if it is longer than this number of median service
    /// times: a slow server is silent between responses, too.
    /// </summary>
    public const int StallFactor = 10;

    /// <summary>
    /// A server answers at once while its median service time is at most this multiple of the
    /// fastest: a full server adds the wait behind every other request, with 64 connections up to
    /// 64 times.
    /// </summary>
    public const int AtOnceFactor = 3;

    /// <summary>A shorter lateness or wait in nanoseconds does not count.</summary>
    public const long LatenessFloor = 100_000;

    private const int SamplesPerSecond = 10;

    private static readonly TimeSpan s_stallMin = TimeSpan.FromMilliseconds(100);

    /// <summary>Derives the figures.</summary>
    public Evidence(LoadResult result)
    {
        Result = result;
        ServiceMedian = result.Times.Service.Percentile(50).Nanoseconds;
        ResponseP99 = result.Times.Response.Percentile(99).Nanoseconds;
        LagP99 = result.Times.LoopLag.Percentile(99);
        LatenessP99 = result.Times.Lateness.Percentile(99);
        QueueP99 = result.Times.Queue.Percentile(99);
        WentAwayAt = FindWentAway(result);
        if (WentAwayAt is { } end && end > TimeSpan.Zero)
        {
            RateWhileThere = result.Measured.Completed / end.TotalSeconds;
        }

        if (result.Run.IsOpenLoop)
        {
            // Each request that came due is counted. The integral of the rate is not the asked
            // number: chance makes Poisson arrivals differ from it, and the last burst the others.
            double asked = result.Measured.Scheduled;
            Achieved = asked > 0 ? result.Measured.Completed / asked : null;
        }

        double core = result.Elapsed.TotalSeconds * result.Run.Threads;
        ClientLoad = core > 0 ? result.Client.CpuTime.TotalSeconds / core : 0;
        Variation = FindVariation(result);
    }

    /// <summary>The result.</summary>
    public LoadResult Result { get; }

    /// <summary>The median service time in nanoseconds, unfinished requests included.</summary>
    public long ServiceMedian { get; }

    /// <summary>The p99 of the response time in nanoseconds, or its lower bound.</summary>
    public long ResponseP99 { get; }

    /// <summary>The p99 of the loop's lag in nanoseconds.</summary>
    public long LagP99 { get; }

    /// <summary>The p99 of the release lateness in nanoseconds.</summary>
    public long LatenessP99 { get; }

    /// <summary>The p99 of the wait for a free connection in nanoseconds.</summary>
    public long QueueP99 { get; }

    /// <summary>The last response before the server went away; null if it stayed.</summary>
    public TimeSpan? WentAwayAt { get; }

    /// <summary>Responses per second until <see cref="WentAwayAt"/>.</summary>
    public double? RateWhileThere { get; }

    /// <summary>
    /// Complete responses ÷ requests that came due; null for a closed loop, which asks for none.
    /// </summary>
    public double? Achieved { get; }

    /// <summary>CPU time of this program ÷ that of a core for each of its threads.</summary>
    public double ClientLoad { get; }

    /// <summary>
    /// The coefficient of variation of the rates of whole seconds; null if it is not known, see
    /// the head of this file, or not meaningful because a closed loop changed its connections.
    /// </summary>
    public double? Variation { get; }

    /// <summary>The time without a response.</summary>
    public Silence Silence => Result.LongestSilence;

    /// <summary>True if the longest silence is a stall rather than this server's pace.</summary>
    public bool HasStall => Nanoseconds(Silence.Length) > StallFactor * ServiceMedian;

    /// <summary>
    /// The longest silence if it is a stall that a report names: long, and not made by this
    /// program, whose worst lag and lateness are less than a tenth of it. Else null.
    /// </summary>
    public Silence? Stall => HasStall && Silence.Length >= s_stallMin
        && Nanoseconds(Silence.Length) > 10 * Math.Max(
            Result.Times.LoopLag.Max, Result.Times.Lateness.Max)
        ? Silence : null;

    /// <summary>
    /// True if a stall accounts for the wait for a free connection: no request waited longer, at
    /// least the hundredth that a p99 is about were due in it, and not more waited than were due
    /// in twice its length, because those after it wait behind those of the stall.
    /// </summary>
    public bool StallExplainsQueue => HasStall && QueueP99 <= Nanoseconds(Silence.Length)
        && Silence.Length * 100 >= Result.Elapsed
        && Waits * (decimal)Result.Elapsed.Ticks
            <= 2 * Result.Measured.Scheduled * (decimal)Silence.Length.Ticks;

    /// <summary>True if all dropped requests may have been due in the stall.</summary>
    public bool StallExplainsDrops => HasStall
        && Result.Measured.Dropped * (decimal)Result.Elapsed.Ticks
            <= Result.Measured.Scheduled * (decimal)Silence.Length.Ticks;

    /// <summary>
    /// True if the server answers a request as if it were alone. With one request in flight it is.
    /// </summary>
    public bool AnswersAtOnce
    {
        get
        {
            long fastest = Result.FastestService is { } known ? Nanoseconds(known)
                : Result.Times.Service.Finished.AtRank(1);
            return (Result.Run.Connections == 1 && Result.Run.PipelineDepth == 1)
                || ServiceMedian <= AtOnceFactor * fastest;
        }
    }

    /// <summary>A sentence if the rows do not add up to the scheduled; else null.</summary>
    public string? InternalError => (Result.Measured.Open, Result.WarmUp.Open) switch
    {
        (0, 0) => null,
        (0, long open) => Misfit("warm-up", Result.WarmUp.Scheduled, open),
        (long open, _) => Misfit("window", Result.Measured.Scheduled, open),
    };

    private long Waits
    {
        get
        {
            Histogram queue = Result.Times.Queue;
            return (long)Math.Round(queue.Count * (1 - queue.ShareWithin(0, LatenessFloor)));
        }
    }

    private static string Misfit(string phase, long scheduled, long open) =>
        FormattableString.Invariant(
            $"the accounting of the {phase} does not add up: of {scheduled} scheduled ") +
        FormattableString.Invariant($"requests {Math.Abs(open)} are in ") +
        (open > 0 ? "no row." : "two rows.");

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;

    // A server that ended after its last response of the window did not miss any of it. One that
    // answered only the warm-up was away from the begin on, and one that never answered was not
    // there to go. Without a descriptor or a port this program cannot tell.
    private static TimeSpan? FindWentAway(LoadResult result)
    {
        if (result.ConnectFailures.GetValueOrDefault(Cause.Descriptors)
            + result.ConnectFailures.GetValueOrDefault(Cause.Ports) > 0)
        {
            return null;
        }

        Tally books = result.Measured;
        TimeSpan? last = result.LastResponseAt
            ?? (result.WarmUp.Completed > 0 ? TimeSpan.Zero : null);
        return result.EndedDisconnected && books.Completed < books.Scheduled ? last : null;
    }

    private static double? FindVariation(LoadResult result)
    {
        if (result.Run.HasConnectionStages)
        {
            return null;
        }

        // A second without a scheduled request has no ratio: what arrives in it is late.
        bool isOpen = result.Run.IsOpenLoop;
        List<(double Arrived, double Scheduled)> seconds =
            result.Run.Interval <= TimeSpan.FromSeconds(1) ? WholeSeconds(result.Intervals)
            : !isOpen || HasEvenLoad(result.Run) ? SampledSeconds(result)
            : [];
        seconds.RemoveAll(one => isOpen && one.Scheduled == 0);
        if (seconds.Count < SecondsMin || seconds.Average(one => one.Arrived) < ResponsesMin)
        {
            return null;
        }

        double[] rates =
            [.. seconds.Select(one => isOpen ? one.Arrived / one.Scheduled : one.Arrived)];
        double mean = rates.Average();
        double squares = rates.Sum(rate => (rate - mean) * (rate - mean));
        return Math.Sqrt(squares / (rates.Length - 1)) / mean;
    }

    // The text of RatePlan: one rate, without stages, of equal distances.
    private static bool HasEvenLoad(RunDescription run) =>
        run.Load is { } load && load.EndsWith(" uniform", StringComparison.Ordinal)
        && !load.Contains(',', StringComparison.Ordinal);

    private static List<(double Arrived, double Scheduled)> SampledSeconds(LoadResult result)
    {
        double seconds = result.Elapsed.TotalSeconds;
        double scheduled = seconds > 0 ? result.Measured.Scheduled / seconds : 0;
        return
        [
            .. result.Rates.Chunk(SamplesPerSecond)
                .Where(chunk => chunk.Length == SamplesPerSecond)
                .Select(chunk => (chunk.Average(), scheduled)),
        ];
    }

    // A rate per second for intervals whose sum is longer.
    private static List<(double Arrived, double Scheduled)> WholeSeconds(
        IReadOnlyList<Interval> intervals)
    {
        var seconds = new List<(double, double)>();
        var (arrived, scheduled, length) = (0L, 0L, TimeSpan.Zero);
        foreach (Interval interval in intervals)
        {
            arrived += interval.Arrived;
            scheduled += interval.Scheduled;
            length += interval.Length;
            if (length >= TimeSpan.FromSeconds(1))
            {
                double whole = length.TotalSeconds;
                seconds.Add((arrived / whole, scheduled / whole));
                (arrived, scheduled, length) = (0, 0, TimeSpan.Zero);
            }
        }

        return seconds;
    }
}
