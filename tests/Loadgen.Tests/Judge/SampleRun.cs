using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>
/// Results made by hand. The base of an open loop is one of which nothing can be said: 100,000
/// requests in 10 s, each answered in 400 us of which 380 us are the server's, on an idle client.
/// </summary>
internal static class SampleRun
{
    public const int Us = 1000;
    public const int Ms = 1_000_000;

    public static readonly IReadOnlyList<decimal> Percentiles = [50, 90, 99, 99.9m, 99.99m];

    public static LoadResult Open(long count = 100_000, Action<LoadTimes>? times = null)
    {
        LoadResult closed = Closed(count, times);
        return closed with
        {
            Run = closed.Run with
            {
                Load = "10000/s uniform",
                Seed = 42,
                AskedRequests = count,
                WarmUp = TimeSpan.FromSeconds(2),
            },
        };
    }

    public static LoadResult Closed(long count = 100_000, Action<LoadTimes>? times = null)
    {
        var recorded = new LoadTimes();
        times?.Invoke(recorded);
        Fill(recorded.Response.Finished, 400 * Us, count - recorded.Response.Unfinished.Count);
        Fill(recorded.Service.Finished, 380 * Us, count - recorded.Service.Unfinished.Count);
        Fill(recorded.FirstByte.Finished, 370 * Us, count - recorded.FirstByte.Unfinished.Count);
        Fill(recorded.Lateness, 10 * Us, count);
        Fill(recorded.Queue, 0, count);
        Fill(recorded.LoopLag, 44 * Us, 1000);
        Fill(recorded.Connect, 61 * Us, 64);
        return new LoadResult
        {
            Run = new RunDescription
            {
                Url = "http://127.0.0.1:8080/plaintext",
                Connections = 64,
                Duration = TimeSpan.FromSeconds(10),
            },
            Elapsed = TimeSpan.FromSeconds(10),
            Measured = new Tally { Scheduled = count, Sent = count, Ok = count },
            WarmUp = new Tally(),
            Times = recorded,
            Rates = [20, 20, 20],
            Intervals = Seconds([.. Enumerable.Repeat(count / 10, 10)]),
            FastestService = TimeSpan.FromMicroseconds(200),
            LongestSilence = new Silence(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(1)),
            LastResponseAt = TimeSpan.FromSeconds(10),
            Statuses = new Dictionary<int, long> { [200] = count },
            Connects = 64,
            Client = new ClientHealth { CpuTime = TimeSpan.FromSeconds(6.1) },
        };
    }

    /// <summary>Moves requests from the ok row to others.</summary>
    public static LoadResult Lose(this LoadResult result, long lost, Action<Tally> into)
    {
        result.Measured.Ok -= lost;
        into(result.Measured);
        var statuses = new Dictionary<int, long>();
        foreach ((int status, Cause cause) in ((int, Cause)[])
            [(404, Cause.Status4xx), (500, Cause.Status5xx)])
        {
            if (result.Measured[cause] is > 0 and long count)
            {
                statuses[status] = count;
            }
        }

        statuses[200] = result.Measured.Completed - statuses.Values.Sum();
        return result with { Statuses = statuses };
    }

    /// <summary>Intervals of a second, with as many scheduled as arrived.</summary>
    public static IReadOnlyList<Interval> Seconds(params long[] arrived) =>
        Seconds(arrived, arrived);

    public static IReadOnlyList<Interval> Seconds(long[] scheduled, long[] arrived) =>
        Split(TimeSpan.FromSeconds(1), scheduled, arrived);

    public static IReadOnlyList<Interval> Split(
        TimeSpan length, long[] scheduled, long[] arrived) =>
    [
        .. arrived.Select((count, i) => new Interval
        {
            Start = length * i,
            Length = length,
            Scheduled = scheduled[i],
            Arrived = count,
            Response = new Histogram(),
            Service = new Histogram(),
        }),
    ];

    public static Judgement Judge(this LoadResult result, params Threshold[] thresholds) =>
        Judgement.Of(result, Percentiles, thresholds);

    /// <summary>Records a value until a histogram has a number of them.</summary>
    public static void Fill(Histogram histogram, long value, long count)
    {
        while (histogram.Count < count)
        {
            histogram.Record(value);
        }
    }

    public static void Record(Histogram histogram, long value, int count) =>
        Fill(histogram, value, histogram.Count + count);
}
