using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Report;

/// <summary>Results with every property set, made from a seed.</summary>
internal static class Results
{
    /// <summary>When the first of several runs began.</summary>
    public static readonly DateTimeOffset Start =
        new(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero);

    /// <summary>A result that depends only on the seed.</summary>
    public static LoadResult Of(int seed)
    {
        var random = new Random(seed);
        return new LoadResult
        {
            Run = RunOf(random),
            StartedAt = Start + TimeSpan.FromTicks(random.Next(5) * TimeSpan.TicksPerSecond / 2),
            Elapsed = TimeSpan.FromTicks(30_000_001 + random.Next(100)),
            Measured = TallyOf(random),
            WarmUp = TallyOf(random),
            InFlightAtStart = random.Next(10),
            Times = TimesOf(random),
            FastestService = TimeSpan.FromTicks(random.Next(1, 1000)),
            Rates = [.. Enumerable.Range(0, 30).Select(_ => (double)random.Next(1000))],
            Intervals = [.. Enumerable.Range(0, 3).Select(i => IntervalOf(random, i))],
            Statuses = new Dictionary<int, long> { [200] = random.Next(99), [503] = 1 },
            Examples =
            [
                new ErrorExample(Cause.Parse, Time(random), "garbage: \\x00\u00e4"),
                new ErrorExample(Cause.Reset, Time(random), "reset"),
            ],
            Tolerated = new Dictionary<string, long> { ["bare LF"] = random.Next(99) },
            Connects = random.Next(100),
            Reconnects = random.Next(100),
            ConnectFailures = new Dictionary<Cause, long>
            {
                [Cause.ConnectRefused] = random.Next(1, 9),
            },
            LongestSilence = new Silence(Time(random), Time(random)),
            LastResponseAt = random.Next(2) == 0 ? null : Time(random),
            EndedDisconnected = random.Next(2) == 0,
            Client = new ClientHealth
            {
                CpuTime = Time(random),
                SpinTime = Time(random),
                Collections = random.Next(9),
                PauseTime = Time(random),
                AllocatedBytes = random.NextInt64(1L << 40),
            },
            Server = new ServerCost
            {
                Source = "pid 4711",
                UserTime = Time(random),
                SystemTime = Time(random),
                RunQueueWait = Time(random),
                VoluntarySwitches = random.Next(),
                InvoluntarySwitches = random.Next(),
                ResidentBytesMax = random.NextInt64(1L << 40),
            },
            IsInterrupted = random.Next(2) == 0,
        };
    }

    /// <summary>The saved form of a result, judged by one threshold.</summary>
    public static RunFile Saved(LoadResult result)
    {
        Threshold threshold = Threshold.Parse("http_req_duration:p(99)<20ms", out _)!;
        return RunFileWriter.Of(
            result,
            Judgement.Of(result, [50, 99], [threshold]),
            new ReportPart([50, 90, 99.9m]),
            [
                new RunEnvironment
                {
                    Os = "Debian",
                    Kernel = "6.1.0",
                    CpuModel = "a CPU",
                    Cores = 2,
                    Runtime = ".NET 10.0.0",
                    Loadgen = "0.1.0",
                },
            ]);
    }

    /// <summary>The JSON of a result.</summary>
    public static string Json(LoadResult result) => RunFileCodec.Write(Saved(result));

    private static RunDescription RunOf(Random random) => new()
    {
        Url = "http://127.0.0.1:8080/plaintext",
        Method = "GET",
        Connections = random.Next(1, 100),
        Threads = random.Next(1, 4),
        Load = "1000/s uniform",
        AskedRequests = 1000.5,
        Seed = ulong.MaxValue - (ulong)random.Next(100),
        Duration = TimeSpan.FromSeconds(3),
        WarmUp = TimeSpan.FromSeconds(1),
        Drain = TimeSpan.FromSeconds(1),
        Timeout = TimeSpan.FromSeconds(2),
        Count = random.Next(1000),
        Driver = "epoll",
        Idle = "hybrid",
        Command = ["loadgen", "-R", "1k", "-H", "X: \u00fc\"<"],
        Tags = new Dictionary<string, string> { ["host"] = $"h{random.Next(9)}" },
    };

    private static Tally TallyOf(Random random)
    {
        var tally = new Tally
        {
            Sent = random.Next(),
            Ok = random.Next(),
            Dropped = random.Next(9),
            InFlight = random.Next(9),
            Bytes = random.NextInt64(1L << 40),
            Unasked = random.Next(9),
            ConnectErrors = random.Next(9),
        };
        foreach (Cause cause in Causes.All)
        {
            tally.Fail(cause, random.Next(1, 9));
        }

        tally.Scheduled = tally.Ok + tally.Failed + tally.Dropped + tally.InFlight;
        return tally;
    }

    private static LoadTimes TimesOf(Random random) => new()
    {
        Response = DistributionOf(random),
        Service = DistributionOf(random),
        FirstByte = DistributionOf(random),
        Lateness = HistogramOf(random),
        Queue = HistogramOf(random),
        Connect = HistogramOf(random),
        LoopLag = HistogramOf(random),
    };

    private static Distribution DistributionOf(Random random) =>
        new() { Finished = HistogramOf(random), Unfinished = HistogramOf(random) };

    // From -2 to beyond an hour.
    private static Histogram HistogramOf(Random random)
    {
        var histogram = new Histogram();
        for (int i = random.Next(200); i > 0; i--)
        {
            histogram.Record((1L << random.Next(43)) - 1 - random.Next(3));
        }

        return histogram;
    }

    private static Interval IntervalOf(Random random, int index) => new()
    {
        Start = TimeSpan.FromSeconds(index),
        Length = index < 2 ? TimeSpan.FromSeconds(1) : TimeSpan.FromTicks(10_000_001),
        Scheduled = random.Next(99),
        Failed = random.Next(99),
        Arrived = random.Next(99),
        Response = HistogramOf(random),
        Service = HistogramOf(random),
    };

    private static TimeSpan Time(Random random) => TimeSpan.FromTicks(random.Next());
}
