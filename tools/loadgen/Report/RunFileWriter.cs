namespace Reactor.Tools.Loadgen;

/// <summary>
/// Turns a result into its saved form. Everything that <see cref="RunFileReader"/> needs to make
/// the same result again is written, and equal results give equal bytes. Pure; any thread.
/// </summary>
internal static class RunFileWriter
{
    private static readonly decimal[] s_percents = [50, 75, 90, 99, 99.9m, 99.99m, 100];

    /// <summary>The saved form of a result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="judgement">What was printed about it, or null.</param>
    /// <param name="report">How the text report was asked for.</param>
    /// <param name="environments">The machines that measured.</param>
    public static RunFile Of(
        LoadResult result,
        Judgement? judgement,
        ReportPart report,
        IReadOnlyList<RunEnvironment> environments) =>
        new()
        {
            Version = RunFile.CurrentVersion,
            Origin = result.Run.IsOpenLoop ? "scheduled" : "sent",
            StartedAt = result.StartedAt.ToUniversalTime(),
            ElapsedSeconds = Seconds(result.Elapsed),
            Run = Of(result.Run),
            Report = report,
            Environments = environments,
            Judgement = judgement is null ? null : Of(judgement),
            Measured = Of(result.Measured),
            WarmUp = Of(result.WarmUp),
            InFlightAtStart = result.InFlightAtStart,
            Times = Of(result.Times),
            FastestServiceSeconds = Seconds(result.FastestService),
            Rates = result.Rates,
            Intervals = [.. result.Intervals.Select(Of)],
            Statuses = new SortedDictionary<int, long>(result.Statuses.ToDictionary()),
            Examples = [.. result.Examples.Select(Of)],
            Tolerated = new SortedDictionary<string, long>(
                result.Tolerated.ToDictionary(), StringComparer.Ordinal),
            Connects = new ConnectPart(
                result.Connects,
                result.Reconnects,
                [.. Causes.All.Select(cause => Of(
                    cause, result.ConnectFailures.GetValueOrDefault(cause)))
                    .Where(cause => cause.Count > 0)]),
            LongestSilence = new SilencePart(
                Seconds(result.LongestSilence.Begin), Seconds(result.LongestSilence.Length)),
            LastResponseAtSeconds = Seconds(result.LastResponseAt),
            EndedDisconnected = result.EndedDisconnected,
            Client = Of(result.Client),
            Server = result.Server is { } server ? Of(server) : null,
            IsInterrupted = result.IsInterrupted,
        };

    private static JudgementPart Of(Judgement judgement) => new()
    {
        Verdict = Verdicts.NameOf(judgement.Verdict),
        Reason = judgement.Reason,
        Achieved = judgement.Achieved,
        InFlight = judgement.Little?.InFlight,
        WentAwayAtSeconds = Seconds(judgement.WentAwayAt),
        Thresholds =
        [
            .. judgement.Thresholds.Select(one =>
                new ThresholdPart(one.Threshold.ToString(), one.ValueText, one.IsMet)),
        ],
    };

    private static RunPart Of(RunDescription run) => new()
    {
        Url = run.Url,
        Method = run.Method,
        Connections = run.Connections,
        Threads = run.Threads,
        PipelineDepth = run.PipelineDepth,
        Load = run.Load,
        AskedRequests = run.AskedRequests,
        HasConnectionStages = run.HasConnectionStages,
        Seed = run.Seed,
        DurationSeconds = Seconds(run.Duration),
        WarmUpSeconds = Seconds(run.WarmUp),
        DrainSeconds = Seconds(run.Drain),
        TimeoutSeconds = Seconds(run.Timeout),
        IntervalSeconds = Seconds(run.Interval),
        Count = run.Count,
        Driver = run.Driver,
        Idle = run.Idle,
        Command = run.Command,
        Tags = new SortedDictionary<string, string>(
            run.Tags.ToDictionary(), StringComparer.Ordinal),
    };

    private static TallyPart Of(Tally tally) => new()
    {
        Scheduled = tally.Scheduled,
        Ok = tally.Ok,
        Status = tally[FailureRow.Status],
        Io = tally[FailureRow.Io],
        Timeout = tally[FailureRow.Timeout],
        Dropped = tally.Dropped,
        InFlight = tally.InFlight,
        Sent = tally.Sent,
        Bytes = tally.Bytes,
        Unasked = tally.Unasked,
        ConnectErrors = tally.ConnectErrors,
        Failures =
        [
            .. Causes.All.Select(cause => Of(cause, tally[cause])).Where(one => one.Count > 0),
        ],
    };

    private static CausePart Of(Cause cause, long count) =>
        new((int)cause, Causes.NameOf(cause), count);

    private static ExamplePart Of(ErrorExample example) => new(
        (int)example.Cause, Causes.NameOf(example.Cause), Seconds(example.At), example.Text);

    private static TimesPart Of(LoadTimes times) => new()
    {
        Response = Of(times.Response),
        Service = Of(times.Service),
        FirstByte = Of(times.FirstByte),
        Lateness = Of(times.Lateness),
        Queue = Of(times.Queue),
        Connect = Of(times.Connect),
        LoopLag = Of(times.LoopLag),
    };

    private static DistributionPart Of(Distribution times) => new()
    {
        Percentiles = times.Count == 0 ? [] :
        [
            .. s_percents.Select(percent => (Percent: percent, Time: times.Percentile(percent)))
                .Select(one => new PercentilePart(
                    one.Percent, one.Time.Nanoseconds, one.Time.IsLowerBound)),
        ],
        Finished = Of(times.Finished),
        Unfinished = Of(times.Unfinished),
    };

    private static HistogramPart Of(Histogram histogram) => new()
    {
        Count = histogram.Count,
        Max = histogram.Max,
        TooLow = histogram.TooLow,
        TooHigh = histogram.TooHigh,
        Hdr = HistogramCodec.Compress(histogram),
    };

    private static IntervalPart Of(Interval interval) => new()
    {
        StartSeconds = Seconds(interval.Start),
        LengthSeconds = Seconds(interval.Length),
        Scheduled = interval.Scheduled,
        Failed = interval.Failed,
        Arrived = interval.Arrived,
        Response = Of(interval.Response),
        Service = Of(interval.Service),
    };

    private static ClientPart Of(ClientHealth client) => new()
    {
        CpuSeconds = Seconds(client.CpuTime),
        SpinSeconds = Seconds(client.SpinTime),
        Collections = client.Collections,
        PauseSeconds = Seconds(client.PauseTime),
        AllocatedBytes = client.AllocatedBytes,
    };

    private static ServerPart Of(ServerCost server) => new()
    {
        Source = server.Source,
        UserSeconds = Seconds(server.UserTime),
        SystemSeconds = Seconds(server.SystemTime),
        RunQueueWaitSeconds = Seconds(server.RunQueueWait),
        VoluntarySwitches = server.VoluntarySwitches,
        InvoluntarySwitches = server.InvoluntarySwitches,
        ResidentBytesMax = server.ResidentBytesMax,
    };

    private static decimal Seconds(TimeSpan time) => time.Ticks / (decimal)TimeSpan.TicksPerSecond;

    private static decimal? Seconds(TimeSpan? time) => time is { } known ? Seconds(known) : null;
}
