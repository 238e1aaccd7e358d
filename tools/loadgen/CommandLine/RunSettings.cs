namespace Reactor.Tools.Loadgen;

/// <summary>
/// All that a valid command line asks for, with the defaults filled in. Immutable; any thread.
/// </summary>
internal sealed record RunSettings
{
    /// <summary>The load.</summary>
    public required LoadPlan Plan { get; init; }

    /// <summary>What decides the exit code.</summary>
    public required JudgeSettings Judge { get; init; }

    /// <summary>What is printed and written.</summary>
    public required OutputSettings Output { get; init; }

    /// <summary>True if socket operations complete on the thread pool.</summary>
    public bool IsNotInline { get; init; }
}

/// <summary>What decides the exit code, and the process whose cost is measured.</summary>
internal sealed record JudgeSettings
{
    /// <summary>The thresholds, in the order given.</summary>
    public IReadOnlyList<Threshold> Thresholds { get; init; } = [];

    /// <summary>True if an invalid measurement fails.</summary>
    public bool IsStrict { get; init; }

    /// <summary>The server's process; at most one of the three is given.</summary>
    public int? ServerPid { get; init; }

    /// <summary>The server's control group.</summary>
    public string? ServerCgroup { get; init; }

    /// <summary>The server's systemd unit.</summary>
    public string? ServerUnit { get; init; }

    /// <summary>Makes the reader of the server's cost; null if no server is named.</summary>
    public ServerCostReader? ServerReader() =>
        ServerPid is { } pid ? ServerCostReader.ForProcess(pid)
        : ServerCgroup is { } cgroup ? ServerCostReader.ForCgroup(cgroup)
        : ServerUnit is { } unit ? ServerCostReader.ForUnit(unit)
        : null;
}

/// <summary>What is printed, and the files.</summary>
internal sealed record OutputSettings
{
    /// <summary>The percentiles of the table: each a tenth of the rest.</summary>
    public static readonly IReadOnlyList<decimal> DefaultPercentiles = [50, 90, 99, 99.9m, 99.99m];

    /// <summary>The report on standard output.</summary>
    public ReportFormat Format { get; init; }

    /// <summary>The files, in the order given.</summary>
    public IReadOnlyList<OutputFile> Files { get; init; } = [];

    /// <summary>True to print wrk's distribution.</summary>
    public bool ShowsDistribution { get; init; }

    /// <summary>True to print the distribution of the service time of an open loop.</summary>
    public bool ShowsUncorrected { get; init; }

    /// <summary>The percentiles of the table.</summary>
    public IReadOnlyList<decimal> Percentiles { get; init; } = DefaultPercentiles;

    /// <summary>True to print no progress.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>True to print the plan and send nothing.</summary>
    public bool IsDryRun { get; init; }
}

/// <summary>A report on standard output.</summary>
internal enum ReportFormat
{
    /// <summary>wrk's block and ours.</summary>
    Text,

    /// <summary>wrk's block.</summary>
    Wrk,

    /// <summary>wrk2's report.</summary>
    Wrk2,

    /// <summary>All of the result.</summary>
    Json,

    /// <summary>Nothing.</summary>
    Quiet,
}

/// <summary>A kind of file.</summary>
internal enum OutputKind
{
    /// <summary>All of the result, for <c>report</c> and <c>merge</c>.</summary>
    Json,

    /// <summary>Percentiles of the whole window, for HdrHistogram's plotter.</summary>
    Hgrm,

    /// <summary>A histogram for each interval.</summary>
    Hlog,
}

/// <summary>A file to write.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Path">Its path.</param>
internal readonly record struct OutputFile(OutputKind Kind, string Path);
