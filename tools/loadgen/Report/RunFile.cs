// The saved form of a run, version 1. docs/loadgen.schema.json describes it, and RunFileCodec
// turns results into it and back. Names, units and meanings are part of the interface: a change
// that an old reader would misunderstand needs a new version.
//
// Durations are seconds, exact to 100 ns; times of requests are nanoseconds. What a reader can
// derive (the rows of the accounting, percentiles) is written for scripts and ignored when read.
using System.Text.Json.Serialization;

namespace Reactor.Tools.Loadgen;

/// <summary>A saved run. Immutable; any thread.</summary>
internal sealed record RunFile
{
    /// <summary>The version that is written, and the newest that is read.</summary>
    public const int CurrentVersion = 1;

    public required int Version { get; init; }

    /// <summary><c>scheduled</c> or <c>sent</c>: where the response time begins.</summary>
    public required string Origin { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required decimal ElapsedSeconds { get; init; }

    public required RunPart Run { get; init; }

    public required ReportPart Report { get; init; }

    /// <summary>The machines that measured: one, and more after a merge.</summary>
    public required IReadOnlyList<RunEnvironment> Environments { get; init; }

    public JudgementPart? Judgement { get; init; }

    public required TallyPart Measured { get; init; }

    public required TallyPart WarmUp { get; init; }

    public long InFlightAtStart { get; init; }

    public required TimesPart Times { get; init; }

    public decimal? FastestServiceSeconds { get; init; }

    public required IReadOnlyList<double> Rates { get; init; }

    public required IReadOnlyList<IntervalPart> Intervals { get; init; }

    public required IReadOnlyDictionary<int, long> Statuses { get; init; }

    public required IReadOnlyList<ExamplePart> Examples { get; init; }

    public required IReadOnlyDictionary<string, long> Tolerated { get; init; }

    public required ConnectPart Connects { get; init; }

    public required SilencePart LongestSilence { get; init; }

    public decimal? LastResponseAtSeconds { get; init; }

    public bool EndedDisconnected { get; init; }

    public required ClientPart Client { get; init; }

    public ServerPart? Server { get; init; }

    public bool IsInterrupted { get; init; }
}

/// <summary>What was asked for, see <see cref="RunDescription"/>.</summary>
internal sealed record RunPart
{
    public required string Url { get; init; }

    public required string Method { get; init; }

    public required int Connections { get; init; }

    public required int Threads { get; init; }

    public required int PipelineDepth { get; init; }

    public string? Load { get; init; }

    public double? AskedRequests { get; init; }

    public bool HasConnectionStages { get; init; }

    /// <summary>As text: 64 bits are more than a number of JavaScript holds.</summary>
    [JsonNumberHandling(
        JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
    public required ulong Seed { get; init; }

    public required decimal DurationSeconds { get; init; }

    public required decimal WarmUpSeconds { get; init; }

    public required decimal DrainSeconds { get; init; }

    public required decimal TimeoutSeconds { get; init; }

    public required decimal IntervalSeconds { get; init; }

    public long? Count { get; init; }

    public required string Driver { get; init; }

    public required string Idle { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    public required IReadOnlyDictionary<string, string> Tags { get; init; }
}

/// <summary>How the text report was asked for, so that it can be printed again.</summary>
/// <param name="Percentiles">The percentiles of its table.</param>
/// <param name="ShowsDistribution">True if <c>-L</c> was given.</param>
/// <param name="ShowsUncorrected">True if <c>-U</c> was given.</param>
internal sealed record ReportPart(
    IReadOnlyList<decimal> Percentiles,
    bool ShowsDistribution = false,
    bool ShowsUncorrected = false);

/// <summary>The machine and the program that measured.</summary>
internal sealed record RunEnvironment
{
    public required string Os { get; init; }

    public required string Kernel { get; init; }

    public required string CpuModel { get; init; }

    public required int Cores { get; init; }

    public required string Runtime { get; init; }

    public required string Loadgen { get; init; }
}

/// <summary>The verdict and the thresholds, as they were printed.</summary>
internal sealed record JudgementPart
{
    public required string Verdict { get; init; }

    public required string Reason { get; init; }

    public double? Achieved { get; init; }

    /// <summary>Rate × mean time of a closed loop, see <see cref="LittleLaw"/>.</summary>
    public double? InFlight { get; init; }

    public decimal? WentAwayAtSeconds { get; init; }

    public required IReadOnlyList<ThresholdPart> Thresholds { get; init; }
}

/// <summary>A threshold, such as <c>http_req_duration:p(99)&lt;20ms</c>.</summary>
internal sealed record ThresholdPart(string Expression, string Value, bool IsMet);

/// <summary>The accounting of a phase, see <see cref="Tally"/>.</summary>
internal sealed record TallyPart
{
    public required long Scheduled { get; init; }

    public required long Ok { get; init; }

    public required long Status { get; init; }

    public required long Io { get; init; }

    public required long Timeout { get; init; }

    public required long Dropped { get; init; }

    public required long InFlight { get; init; }

    public required long Sent { get; init; }

    public required long Bytes { get; init; }

    public required long Unasked { get; init; }

    public required long ConnectErrors { get; init; }

    public required IReadOnlyList<CausePart> Failures { get; init; }
}

/// <summary>How often a cause occurred; the number decides, the name is for people.</summary>
internal sealed record CausePart(int Cause, string Name, long Count);

/// <summary>The first failure of a cause.</summary>
internal sealed record ExamplePart(int Cause, string Name, decimal AtSeconds, string Text);

/// <summary>The times, see <see cref="LoadTimes"/>.</summary>
internal sealed record TimesPart
{
    public required DistributionPart Response { get; init; }

    public required DistributionPart Service { get; init; }

    public required DistributionPart FirstByte { get; init; }

    public required HistogramPart Lateness { get; init; }

    public required HistogramPart Queue { get; init; }

    public required HistogramPart Connect { get; init; }

    public required HistogramPart LoopLag { get; init; }
}

/// <summary>Finished and unfinished requests.</summary>
internal sealed record DistributionPart
{
    public required IReadOnlyList<PercentilePart> Percentiles { get; init; }

    public required HistogramPart Finished { get; init; }

    public required HistogramPart Unfinished { get; init; }
}

/// <summary>A percentile in nanoseconds; a lower bound if it falls on an unfinished one.</summary>
internal sealed record PercentilePart(decimal Percent, long Nanoseconds, bool IsLowerBound);

/// <summary>A histogram: its counters as compressed HDR V2, and what is beside them.</summary>
internal sealed record HistogramPart
{
    public required long Count { get; init; }

    public required long Max { get; init; }

    public long TooLow { get; init; }

    public long TooHigh { get; init; }

    public required byte[] Hdr { get; init; }
}

/// <summary>An interval of the window.</summary>
internal sealed record IntervalPart
{
    public required decimal StartSeconds { get; init; }

    public required decimal LengthSeconds { get; init; }

    public required long Scheduled { get; init; }

    public required long Failed { get; init; }

    public required long Arrived { get; init; }

    public required HistogramPart Response { get; init; }

    public required HistogramPart Service { get; init; }
}

/// <summary>The connections of the whole run.</summary>
internal sealed record ConnectPart(long Made, long Reconnects, IReadOnlyList<CausePart> Failures);

/// <summary>A time without a response.</summary>
internal sealed record SilencePart(decimal BeginSeconds, decimal LengthSeconds);

/// <summary>What this program cost, see <see cref="ClientHealth"/>.</summary>
internal sealed record ClientPart
{
    public required decimal CpuSeconds { get; init; }

    public required decimal SpinSeconds { get; init; }

    public required int Collections { get; init; }

    public required decimal PauseSeconds { get; init; }

    public required long AllocatedBytes { get; init; }
}

/// <summary>What the server cost, see <see cref="ServerCost"/>.</summary>
internal sealed record ServerPart
{
    public required string Source { get; init; }

    public required decimal UserSeconds { get; init; }

    public required decimal SystemSeconds { get; init; }

    public decimal? RunQueueWaitSeconds { get; init; }

    public long? VoluntarySwitches { get; init; }

    public long? InvoluntarySwitches { get; init; }

    public long? ResidentBytesMax { get; init; }
}

/// <summary>The code for <see cref="RunFile"/>: a native executable cannot reflect.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(RunFile))]
[JsonSerializable(typeof(RunVersion))]
internal sealed partial class RunFileContext : JsonSerializerContext;

/// <summary>The part of any version that tells which it is.</summary>
internal sealed record RunVersion(int? Version = null);
