using System.CommandLine;

namespace Reactor.Tools.Loadgen;

/// <summary>What decides the exit code, and the process whose cost is measured.</summary>
internal sealed class GateOptions : OptionGroup
{
    /// <summary>The highest number of a process on Linux (PID_MAX_LIMIT).</summary>
    private const int ProcessMax = 4_194_304;

    public Option<IReadOnlyList<Threshold>> Thresholds { get; } = OptionKinds.Each<Threshold>(
        ["--threshold"],
        "EXPRESSION",
        "Exit code 99 if it is not met, such as 'http_req_duration:p(99)<20ms' (k6's grammar).",
        ReadThreshold);

    public Option<bool> Strict { get; } = OptionKinds.Flag(
        ["--strict"], "Exit code 4 if the verdict is not VALID.");

    public Option<long> ServerPid { get; } = OptionKinds.Number(
        ["--server-pid"], "Process of the server: its CPU time per request.", 1, ProcessMax, null);

    public Option<string> ServerCgroup { get; } = OptionKinds.Text(
        ["--server-cgroup"], "PATH", "Control group of the server (v2), as /a/b or a full path.");

    public Option<string> ServerUnit { get; } = OptionKinds.Text(
        ["--server-unit"], "NAME", "systemd unit of the server, such as nginx.service.");

    public override string Title => "Judgement";

    public override IReadOnlyList<Option> Options =>
        [Thresholds, Strict, ServerPid, ServerCgroup, ServerUnit];

    public override string? Contradiction(ParseResult parsed)
    {
        Option[] servers = [.. new Option[] { ServerPid, ServerCgroup, ServerUnit }
            .Where(parsed.Has)];
        return servers.Length > 1
            ? $"{parsed.Typed(servers[0])} and {parsed.Typed(servers[1])} exclude each other: "
                + "name the server once."
            : servers.Length == 1 && !OperatingSystem.IsLinux()
                ? $"{parsed.Typed(servers[0])} needs Linux: the cost is read from /proc."
            : null;
    }

    /// <summary>The settings of a valid command line.</summary>
    public JudgeSettings Read(ParseResult parsed) => new()
    {
        Thresholds = parsed.GetValue(Thresholds)!,
        IsStrict = parsed.GetValue(Strict),
        ServerPid = (int?)parsed.OrNull(ServerPid),
        ServerCgroup = parsed.GetValue(ServerCgroup),
        ServerUnit = parsed.GetValue(ServerUnit),
    };

    /// <summary>
    /// A sentence about a threshold that no result of the plan can meet, because its value is not
    /// measured; or null.
    /// </summary>
    /// <param name="settings">The settings of the command line.</param>
    public static string? Unmeasured(RunSettings settings)
    {
        foreach (Threshold one in settings.Judge.Thresholds)
        {
            if (WhyUnmeasured(one, settings) is { } why)
            {
                return $"--threshold '{one}' {why}";
            }
        }

        return null;
    }

    private static string? WhyUnmeasured(Threshold threshold, RunSettings settings)
    {
        RunDescription run = settings.Plan.Description;
        if (threshold.Metric.Name == "server_cpu_us_per_req" && settings.Judge is
            { ServerPid: null, ServerCgroup: null, ServerUnit: null })
        {
            return "needs --server-pid, --server-cgroup or --server-unit.";
        }

        if (threshold.Metric.Name == "rate_achieved" && !run.IsOpenLoop)
        {
            return "needs a rate, -R or --stage.";
        }

        double requests = run.AskedRequests ?? run.Count ?? double.MaxValue;
        return threshold is { Aggregation: "p", Percent: < 100 and var percent }
            && SampleRule.NeededFor(percent) is var needed && needed > requests
            ? FormattableString.Invariant(
                $"needs {needed} requests, and the run has {requests:F0}.")
            : null;
    }

    private static string? ReadThreshold(
        string text, IReadOnlyList<Threshold> before, out Threshold threshold)
    {
        threshold = Threshold.Parse(text, out string? error)!;
        return error;
    }
}
