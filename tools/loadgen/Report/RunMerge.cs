// Joins the results of machines that loaded one server together. Histograms, counts and intervals
// add up exactly: two halves give what one run of both would have recorded.
//
// Intervals are aligned by wall time, to the nearest interval of the run that began first, so
// machines started with --start-at and synchronised clocks align exactly. The result does not
// depend on the order of the runs: where one of several values is kept, it is that of the run that
// began first.
//
// What cannot be added: the longest silence is the longest of any run, because the responses that
// another run received meanwhile have no times; the cost of a server that several runs measured is
// the largest of them, because they measured the same.
namespace Reactor.Tools.Loadgen;

/// <summary>Merges results exactly. Pure; any thread.</summary>
internal static class RunMerge
{
    private const string Separator = " + ";

    /// <summary>
    /// Why results should not be merged: their sum would describe no load. Null if nothing speaks
    /// against it.
    /// </summary>
    public static string? Doubt(IReadOnlyList<LoadResult> results)
    {
        RunDescription first = results[0].Run;
        (string What, Func<RunDescription, object> Value)[] same =
        [
            ("URL", run => run.Url),
            ("method", run => run.Method),
            ("loop", run => run.IsOpenLoop ? "an open loop" : "a closed loop"),
            ("pipeline depth", run => run.PipelineDepth),
        ];
        foreach ((string what, Func<RunDescription, object> value) in same)
        {
            if (results.FirstOrDefault(one => !value(one.Run).Equals(value(first))) is { } other)
            {
                return FormattableString.Invariant(
                    $"the runs differ in {what}: {value(first)} and {value(other.Run)}");
            }
        }

        if (results.DistinctBy(one => (one.StartedAt, one.Elapsed, one.Run.Seed,
            one.Measured.Scheduled, one.Measured.Bytes)).Count() < results.Count)
        {
            return "a run is given twice";
        }

        return results.Max(one => one.StartedAt) >= results.Min(one => one.StartedAt + one.Elapsed)
            ? "the runs were not at the same time"
            : null;
    }

    /// <summary>
    /// Orders runs by their begin. Runs that began at the same instant differ in seed or command.
    /// </summary>
    public static IEnumerable<T> InOrder<T>(IEnumerable<T> runs, Func<T, LoadResult> result) =>
        runs.OrderBy(one => result(one).StartedAt)
            .ThenBy(one => result(one).Run.Seed)
            .ThenBy(one => string.Join(' ', result(one).Run.Command), StringComparer.Ordinal);

    /// <summary>Why results cannot be merged; null if they can.</summary>
    public static string? Obstacle(IReadOnlyList<LoadResult> results)
    {
        TimeSpan interval = results[0].Run.Interval;
        return results.Any(one => one.Run.Interval != interval)
            ? "the runs have different intervals"
            : null;
    }

    /// <summary>The sum of results without an <see cref="Obstacle"/>.</summary>
    public static LoadResult Merge(IReadOnlyList<LoadResult> unordered)
    {
        LoadResult[] results = [.. InOrder(unordered, one => one)];
        DateTimeOffset start = results[0].StartedAt;
        Silence silence = results
            .Select(one => new Silence(
                one.LongestSilence.Begin + (one.StartedAt - start), one.LongestSilence.Length))
            .OrderByDescending(one => one.Length).ThenBy(one => one.Begin).First();
        return new LoadResult
        {
            Run = Merge([.. results.Select(one => one.Run)]),
            StartedAt = start,
            Elapsed = results.Max(one => one.StartedAt + one.Elapsed) - start,
            Measured = Sum(results.Select(one => one.Measured)),
            WarmUp = Sum(results.Select(one => one.WarmUp)),
            InFlightAtStart = results.Sum(one => one.InFlightAtStart),
            Times = Sum(results.Select(one => one.Times)),
            FastestService = results.Min(one => one.FastestService),
            Rates = RatesOf(results, start),
            Intervals = IntervalsOf(results, start),
            Statuses = Sum(results.SelectMany(one => one.Statuses)),
            Examples = ExamplesOf(results, start),
            Tolerated = Sum(results.SelectMany(one => one.Tolerated)),
            Connects = results.Sum(one => one.Connects),
            Reconnects = results.Sum(one => one.Reconnects),
            ConnectFailures = Sum(results.SelectMany(one => one.ConnectFailures)),
            LongestSilence = silence,
            LastResponseAt = results.Max(one => one.LastResponseAt + (one.StartedAt - start)),
            EndedDisconnected = results.All(one => one.EndedDisconnected),
            Client = Sum([.. results.Select(one => one.Client)]),
            Server = ServerOf([.. results.Select(one => one.Server).OfType<ServerCost>()]),
            IsInterrupted = results.Any(one => one.IsInterrupted),
        };
    }

    private static RunDescription Merge(RunDescription[] runs) => runs[0] with
    {
        Connections = runs.Sum(one => one.Connections),
        Threads = runs.Sum(one => one.Threads),
        Load = JoinOrNull(runs.Select(one => one.Load), keepsEqual: true),
        AskedRequests = runs.Any(one => one.AskedRequests is null)
            ? null : runs.Sum(one => one.AskedRequests),
        HasConnectionStages = runs.Any(one => one.HasConnectionStages),
        Duration = runs.Max(one => one.Duration),
        WarmUp = runs.Max(one => one.WarmUp),
        Drain = runs.Max(one => one.Drain),
        Timeout = runs.Max(one => one.Timeout),
        Count = runs.Any(one => one.Count is null) ? null : runs.Sum(one => one.Count),
        Driver = Join(runs.Select(one => one.Driver)),
        Idle = Join(runs.Select(one => one.Idle)),
        Tags = runs.SelectMany(one => one.Tags)
            .GroupBy(tag => tag.Key)
            .ToDictionary(group => group.Key, group => Join(group.Select(tag => tag.Value))),
    };

    private static Tally Sum(IEnumerable<Tally> tallies)
    {
        var sum = new Tally();
        foreach (Tally tally in tallies)
        {
            sum.Merge(tally);
        }

        return sum;
    }

    private static LoadTimes Sum(IEnumerable<LoadTimes> times)
    {
        var sum = new LoadTimes();
        foreach (LoadTimes one in times)
        {
            sum.Merge(one);
        }

        return sum;
    }

    private static Dictionary<TKey, long> Sum<TKey>(IEnumerable<KeyValuePair<TKey, long>> counts)
        where TKey : notnull =>
        counts.GroupBy(one => one.Key)
            .ToDictionary(group => group.Key, group => group.Sum(one => one.Value));

    private static ClientHealth Sum(ClientHealth[] clients) => new()
    {
        CpuTime = Sum(clients.Select(one => one.CpuTime)),
        SpinTime = Sum(clients.Select(one => one.SpinTime)),
        Collections = clients.Sum(one => one.Collections),
        PauseTime = Sum(clients.Select(one => one.PauseTime)),
        AllocatedBytes = clients.Sum(one => one.AllocatedBytes),
    };

    private static TimeSpan Sum(IEnumerable<TimeSpan> times) =>
        times.Aggregate(TimeSpan.Zero, (sum, one) => sum + one);

    // Sampled every 100 ms by each run; a run that began later adds to later samples.
    private static double[] RatesOf(LoadResult[] results, DateTimeOffset start)
    {
        var sums = new SortedDictionary<long, double>();
        var sample = TimeSpan.FromMilliseconds(100);
        foreach (LoadResult result in results)
        {
            long shift = Shift(result, start, sample);
            for (int i = 0; i < result.Rates.Count; i++)
            {
                sums[shift + i] = sums.GetValueOrDefault(shift + i) + result.Rates[i];
            }
        }

        return [.. sums.Values];
    }

    private static Interval[] IntervalsOf(LoadResult[] results, DateTimeOffset start)
    {
        TimeSpan length = results[0].Run.Interval;
        return
        [
            .. results
                .SelectMany(result => result.Intervals, (result, interval) => (
                    Index: Shift(result, start, length) + (interval.Start.Ticks / length.Ticks),
                    Interval: interval))
                .GroupBy(one => one.Index, one => one.Interval)
                .OrderBy(group => group.Key)
                .Select(group => new Interval
                {
                    Start = group.Key * length,
                    Length = group.Max(one => one.Length),
                    Scheduled = group.Sum(one => one.Scheduled),
                    Failed = group.Sum(one => one.Failed),
                    Arrived = group.Sum(one => one.Arrived),
                    Response = Sum(group.Select(one => one.Response)),
                    Service = Sum(group.Select(one => one.Service)),
                }),
        ];
    }

    private static Histogram Sum(IEnumerable<Histogram> histograms)
    {
        var sum = new Histogram();
        foreach (Histogram histogram in histograms)
        {
            sum.Merge(histogram);
        }

        return sum;
    }

    private static long Shift(LoadResult result, DateTimeOffset start, TimeSpan length) =>
        (long)Math.Round((result.StartedAt - start) / length, MidpointRounding.AwayFromZero);

    private static ErrorExample[] ExamplesOf(LoadResult[] results, DateTimeOffset start) =>
    [
        .. results
            .SelectMany(result => result.Examples, (result, example) =>
                example with { At = example.At + (result.StartedAt - start) })
            .OrderBy(one => one.At).ThenBy(one => one.Cause)
            .ThenBy(one => one.Text, StringComparer.Ordinal)
            .DistinctBy(one => one.Cause),
    ];

    private static ServerCost? ServerOf(ServerCost[] costs) => costs
        .GroupBy(one => one.Source)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => group.MaxBy(one => one.UserTime + one.SystemTime)!)
        .Aggregate((ServerCost?)null, (sum, one) => sum is null ? one : new ServerCost
        {
            Source = sum.Source + Separator + one.Source,
            UserTime = sum.UserTime + one.UserTime,
            SystemTime = sum.SystemTime + one.SystemTime,
            RunQueueWait = sum.RunQueueWait + one.RunQueueWait,
            VoluntarySwitches = sum.VoluntarySwitches + one.VoluntarySwitches,
            InvoluntarySwitches = sum.InvoluntarySwitches + one.InvoluntarySwitches,
            ResidentBytesMax = sum.ResidentBytesMax + one.ResidentBytesMax,
        });

    private static string? JoinOrNull(IEnumerable<string?> texts, bool keepsEqual) =>
        texts.OfType<string>().ToArray() is { Length: > 0 } known ? Join(known, keepsEqual) : null;

    // A text may be the result of an earlier merge, so its parts are joined, not the text.
    private static string Join(IEnumerable<string> texts, bool keepsEqual = false)
    {
        IEnumerable<string> parts = texts.SelectMany(text => text.Split(Separator));
        return string.Join(
            Separator, (keepsEqual ? parts : parts.Distinct()).Order(StringComparer.Ordinal));
    }
}
