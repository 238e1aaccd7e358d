namespace Reactor.Tools.Loadgen;

/// <summary>Turns a saved run into the result that it was made of. Pure; any thread.</summary>
internal static class RunFileReader
{
    // Far beyond any run, and far from the limits of a TimeSpan.
    private const decimal SecondsMax = 1e9m;

    /// <summary>The result of a saved run.</summary>
    /// <exception cref="InvalidDataException">A value is not possible; the message names it.
    /// </exception>
    public static LoadResult ResultOf(RunFile file) => new()
    {
        Run = Read(file.Run),
        StartedAt = file.StartedAt,
        Elapsed = Time(file.ElapsedSeconds, "elapsedSeconds"),
        Measured = Read(file.Measured),
        WarmUp = Read(file.WarmUp),
        InFlightAtStart = Natural(file.InFlightAtStart, "inFlightAtStart"),
        Times = Read(file.Times),
        FastestService = Time(file.FastestServiceSeconds, "fastestServiceSeconds"),
        Rates = [.. file.Rates.Select(rate => Finite(rate, "rates"))],
        Intervals = [.. Some(file.Intervals, "intervals").Select(Read)],
        Statuses = file.Statuses,
        Examples = [.. Some(file.Examples, "examples").Select(Read)],
        Tolerated = file.Tolerated,
        Connects = Natural(file.Connects.Made, "connects.made"),
        Reconnects = Natural(file.Connects.Reconnects, "connects.reconnects"),
        ConnectFailures = Some(file.Connects.Failures, "connects.failures")
            .GroupBy(one => Known(one.Cause))
            .ToDictionary(group => group.Key, group => group.Sum(
                one => Natural(one.Count, "connects.failures.count"))),
        LongestSilence = new Silence(
            Instant(file.LongestSilence.BeginSeconds, "longestSilence.beginSeconds"),
            Time(file.LongestSilence.LengthSeconds, "longestSilence.lengthSeconds")),
        LastResponseAt = file.LastResponseAtSeconds is { } last
            ? Instant(last, "lastResponseAtSeconds") : null,
        EndedDisconnected = file.EndedDisconnected,
        Client = Read(file.Client),
        Server = file.Server is { } server ? Read(server) : null,
        IsInterrupted = file.IsInterrupted,
    };

    /// <summary>The thresholds of a saved run; empty if it was not judged.</summary>
    /// <exception cref="InvalidDataException">One of them is none; the message names it.
    /// </exception>
    public static IReadOnlyList<Threshold> ThresholdsOf(RunFile file) =>
    [
        .. Some(file.Judgement?.Thresholds ?? [], "judgement.thresholds").Select(one =>
            Threshold.Parse(one.Expression, out string? error)
                ?? throw new InvalidDataException(error)),
    ];

    private static RunDescription Read(RunPart run) => new()
    {
        Url = run.Url,
        Method = run.Method,
        Connections = (int)Natural(run.Connections, "run.connections"),
        Threads = (int)Natural(run.Threads, "run.threads"),
        PipelineDepth = (int)Natural(run.PipelineDepth, "run.pipelineDepth"),
        Load = run.Load,
        AskedRequests = run.AskedRequests is { } asked
            ? Finite(asked, "run.askedRequests") : null,
        HasConnectionStages = run.HasConnectionStages,
        Seed = run.Seed,
        Duration = Time(run.DurationSeconds, "run.durationSeconds"),
        WarmUp = Time(run.WarmUpSeconds, "run.warmUpSeconds"),
        Drain = Time(run.DrainSeconds, "run.drainSeconds"),
        Timeout = Time(run.TimeoutSeconds, "run.timeoutSeconds"),
        Interval = Time(run.IntervalSeconds, "run.intervalSeconds") is var interval
            && interval > TimeSpan.Zero
            ? interval
            : throw new InvalidDataException("run.intervalSeconds is 0"),
        Count = run.Count,
        Driver = run.Driver,
        Idle = run.Idle,
        Command = Some(run.Command, "run.command"),
        Tags = run.Tags,
    };

    private static Tally Read(TallyPart part)
    {
        var tally = new Tally
        {
            Scheduled = Natural(part.Scheduled, "scheduled"),
            Sent = Natural(part.Sent, "sent"),
            Ok = Natural(part.Ok, "ok"),
            Dropped = Natural(part.Dropped, "dropped"),
            InFlight = Natural(part.InFlight, "inFlight"),
            Bytes = Natural(part.Bytes, "bytes"),
            Unasked = Natural(part.Unasked, "unasked"),
            ConnectErrors = Natural(part.ConnectErrors, "connectErrors"),
        };
        foreach (CausePart failure in Some(part.Failures, "failures"))
        {
            tally.Fail(Known(failure.Cause), Natural(failure.Count, "failures.count"));
        }

        return tally;
    }

    private static ErrorExample Read(ExamplePart part) =>
        new(Known(part.Cause), Instant(part.AtSeconds, "examples.atSeconds"), part.Text);

    private static LoadTimes Read(TimesPart times) => new()
    {
        Response = Read(times.Response, "times.response"),
        Service = Read(times.Service, "times.service"),
        FirstByte = Read(times.FirstByte, "times.firstByte"),
        Lateness = Read(times.Lateness, "times.lateness"),
        Queue = Read(times.Queue, "times.queue"),
        Connect = Read(times.Connect, "times.connect"),
        LoopLag = Read(times.LoopLag, "times.loopLag"),
    };

    private static Distribution Read(DistributionPart part, string name) => new()
    {
        Finished = Read(part.Finished, $"{name}.finished"),
        Unfinished = Read(part.Unfinished, $"{name}.unfinished"),
    };

    private static Histogram Read(HistogramPart part, string name)
    {
        var histogram = new Histogram();
        string? error = HistogramCodec.Decompress(part.Hdr, histogram);
        if (error is null && histogram.Count != part.Count)
        {
            error = FormattableString.Invariant(
                $"{histogram.Count} samples instead of {part.Count}");
        }

        if (error is null && !histogram.TryRestore(part.Max, part.TooLow, part.TooHigh))
        {
            error = "max, tooLow or tooHigh do not fit the counters";
        }

        return error is null
            ? histogram
            : throw new InvalidDataException($"{name}: {error}");
    }

    private static Interval Read(IntervalPart part) => new()
    {
        Start = Time(part.StartSeconds, "intervals.startSeconds"),
        Length = Time(part.LengthSeconds, "intervals.lengthSeconds"),
        Scheduled = Natural(part.Scheduled, "intervals.scheduled"),
        Failed = Natural(part.Failed, "intervals.failed"),
        Arrived = Natural(part.Arrived, "intervals.arrived"),
        Response = Read(part.Response, "intervals.response"),
        Service = Read(part.Service, "intervals.service"),
    };

    private static ClientHealth Read(ClientPart part) => new()
    {
        CpuTime = Time(part.CpuSeconds, "client.cpuSeconds"),
        SpinTime = Time(part.SpinSeconds, "client.spinSeconds"),
        Collections = part.Collections,
        PauseTime = Time(part.PauseSeconds, "client.pauseSeconds"),
        AllocatedBytes = part.AllocatedBytes,
    };

    private static ServerCost Read(ServerPart part) => new()
    {
        Source = part.Source,
        UserTime = Time(part.UserSeconds, "server.userSeconds"),
        SystemTime = Time(part.SystemSeconds, "server.systemSeconds"),
        RunQueueWait = Time(part.RunQueueWaitSeconds, "server.runQueueWaitSeconds"),
        VoluntarySwitches = part.VoluntarySwitches,
        InvoluntarySwitches = part.InvoluntarySwitches,
        ResidentBytesMax = part.ResidentBytesMax,
    };

    private static Cause Known(int cause) => Causes.All.Contains((Cause)cause)
        ? (Cause)cause
        : throw new InvalidDataException(
            FormattableString.Invariant($"the cause {cause} is unknown"));

    private static long Natural(long number, string name) => number >= 0
        ? number
        : throw new InvalidDataException(
            FormattableString.Invariant($"{name} is negative: {number}"));

    private static double Finite(double number, string name) =>
        double.IsFinite(number) && number >= 0
        ? number
        : throw new InvalidDataException(
            FormattableString.Invariant($"{name} is out of range: {number}"));

    private static TimeSpan Time(decimal seconds, string name) => seconds >= 0
        ? Instant(seconds, name)
        : throw new InvalidDataException(
            FormattableString.Invariant($"{name} is negative: {seconds}"));

    // Counts from a start, and may lie before it.
    private static TimeSpan Instant(decimal seconds, string name) =>
        Math.Abs(seconds) <= SecondsMax
        ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond))
        : throw new InvalidDataException(
            FormattableString.Invariant($"{name} is out of range: {seconds}"));

    private static TimeSpan? Time(decimal? seconds, string name) =>
        seconds is { } known ? Time(known, name) : null;

    // The deserializer checks properties for null, not the elements of lists.
    private static IReadOnlyList<T> Some<T>(IReadOnlyList<T> list, string name)
        where T : class => list.Any(one => one is null)
        ? throw new InvalidDataException($"{name} contains null")
        : list;
}
