using System.CommandLine;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The options for how much load there is: connections, threads, time and rate. Letters have their
/// meaning in wrk; an option that another one makes void is refused. One thread at a time.
/// </summary>
internal sealed class LoadOptions : OptionGroup
{
    /// <summary>Requests of a burst; more than any server's queue of connections.</summary>
    private const int BurstMax = 100_000;

    private const string NeedsRate =
        "needs a rate, -R or --stage: without one a request is sent when a response arrives.";

    public Option<long> Connections { get; } = OptionKinds.Number(
        ["--connections", "-c"],
        "Connections. [default: 64, or fewer with -n]",
        1,
        LoadPlan.ConnectionsMax,
        null);

    public Option<long> Threads { get; } = OptionKinds.Number(
        ["--threads", "-t"],
        "Threads, each with its share of the connections. [default: 1]",
        1,
        LoadPlan.ThreadsMax,
        text => text is [.., 's' or 'm'] && DurationText.TryParse(text, out _)
            ? "The time limit is -T."
            : null);

    public Option<TimeSpan> Duration { get; } = OptionKinds.Time(
        ["--duration", "-d", "-z"],
        "Duration of the measurement: 10s, 2m, 500ms; 15 is 15 seconds. [default: 10s]",
        TimeSpan.FromTicks(1),
        text => text.AsSpan().ContainsAny("{[\"=@")
            ? "-d is the duration, as in wrk; the body is -b."
            : null);

    public Option<long> Count { get; } = OptionKinds.Number(
        ["--requests", "-n"],
        "Exact number of measured requests, such as 10k; without -d nothing else ends the run.",
        1,
        LoadPlan.CountMax,
        null);

    public Option<double> Rate { get; } = OptionKinds.One<double>(
        ["--rate", "-R", "--qps", "-q"],
        "RATE",
        "Requests per second in all, at fixed instants (open loop): 10k, 500/s or 90/m. With "
            + "--stage the rate at the start.",
        $"a rate above 0 and at most {RateText.Format(RateText.Max)}, such as 500, 10k, 500/s or "
            + "90/m",
        RateText.TryParse);

    public Option<IReadOnlyList<StageText>> Stages { get; } = OptionKinds.Each<StageText>(
        ["--stage"],
        "TIME:TARGET",
        "Linear change to a rate within a time, such as 30s:1k; or to a number of connections, "
            + "such as 30s:100c. 0s:1k is a jump. The stages are the duration.",
        StageText.Read);

    public Option<(ArrivalKind Kind, int Burst)> Arrivals { get; } =
        OptionKinds.One<(ArrivalKind, int)>(
            ["--arrivals"],
            "KIND",
            "Distances of the instants: uniform, poisson (of independent users) or burst:K (K at "
                + "once). [default: uniform]",
            $"uniform, poisson or burst:K with K from 1 to {BurstMax}",
            TryReadArrivals);

    public Option<OnFull> OnFull { get; } = OptionKinds.Word(
        ["--on-full"],
        "When a request is due and every connection is busy: it waits, a connection is opened, or "
            + "it is dropped. [default: queue]",
        ("queue", Loadgen.OnFull.Queue),
        ("open", Loadgen.OnFull.Open),
        ("drop", Loadgen.OnFull.Drop));

    public Option<long> Pipeline { get; } = OptionKinds.Number(
        ["--pipeline", "-p"],
        "Requests in flight on each connection. [default: 1]",
        1,
        LoadPlan.PipelineMax,
        null);

    public override string Title => "Load";

    public override IReadOnlyList<Option> Options =>
        [Connections, Threads, Duration, Count, Rate, Stages, Arrivals, OnFull, Pipeline];

    /// <summary>Whether requests have instants.</summary>
    public bool IsOpenLoop(ParseResult parsed) =>
        parsed.Has(Rate) || StagesOf(parsed) is [{ IsConnections: false }, ..];

    public override string? Contradiction(ParseResult parsed)
    {
        IReadOnlyList<StageText> stages = StagesOf(parsed);
        string stage = parsed.NameOf(Stages);
        return IsMixed(stages)
                ? $"{stage}: rates and connections cannot be mixed; write c behind each target, "
                    + "or behind none."
            : parsed.Has(Rate) && stages is [{ IsConnections: true }, ..]
                ? $"{parsed.Typed(Rate)} and {parsed.Typed(Stages)} exclude each other: with a "
                    + "rate the number of connections is fixed, -c."
            : stages.Count > 0 && parsed.Has(Duration)
                ? $"{parsed.Typed(Duration)} and {stage} exclude each other: the stages are the "
                    + "duration."
            : stages.Count > 0 && Length(stages) is var length
                && (length == TimeSpan.Zero || length > DurationText.Max)
                ? $"{stage}: the stages must last longer than 0 and at most 24h in all."
            : stages.Count > 0 && !IsAnythingAsked(parsed)
                ? $"{stage}: the stages ask for no request; a target must be above 0."
            : !IsOpenLoop(parsed) && parsed.Has(Arrivals) ? $"{parsed.Typed(Arrivals)} {NeedsRate}"
            : !IsOpenLoop(parsed) && parsed.Has(OnFull) ? $"{parsed.Typed(OnFull)} {NeedsRate}"
            : ConnectionContradiction(parsed);
    }

    /// <summary>Adds the values to a plan.</summary>
    public LoadPlan Apply(ParseResult parsed, LoadPlan plan)
    {
        long? count = parsed.OrNull(Count);
        int threads = (int)parsed.Or(Threads, plan.Threads);
        IReadOnlyList<StageText> stages = StagesOf(parsed);
        // Without -d an exact number ends the run; the bound is only there because all have one.
        TimeSpan duration = stages.Count > 0 ? Length(stages)
            : parsed.Or(Duration, count is null ? plan.Duration : DurationText.Max);
        int byDefault = (int)Math.Max(threads, Math.Min(plan.Connections, count ?? long.MaxValue));
        plan = plan with
        {
            Connections = (int)parsed.Or(Connections, byDefault),
            Threads = threads,
            Duration = duration,
            Count = count,
            OnFull = parsed.Or(OnFull, plan.OnFull),
            PipelineDepth = (int)parsed.Or(Pipeline, plan.PipelineDepth),
        };
        return stages is not [{ IsConnections: true }, ..] ? plan : plan with
        {
            // The ramp starts from the fewest possible, as k6's does.
            Connections = (int)parsed.Or(Connections, threads),
            ConnectionStages = [.. stages.Select(one => one.Stage)],
        };
    }

    /// <summary>The rate that is asked for; null for a closed loop.</summary>
    public RatePlan? RateOf(ParseResult parsed, LoadPlan plan)
    {
        if (!IsOpenLoop(parsed))
        {
            return null;
        }

        double start = parsed.Or(Rate, 0);
        IReadOnlyList<StageText> stages = StagesOf(parsed);
        (ArrivalKind kind, int burst) = parsed.Or(Arrivals, (ArrivalKind.Uniform, 1));
        return new RatePlan
        {
            StartRate = start,
            Stages = stages.Count == 0
                ? [new Stage(plan.Duration, start)]
                : [.. stages.Select(one => one.Stage)],
            Arrivals = kind,
            Burst = burst,
        };
    }

    private string? ConnectionContradiction(ParseResult parsed)
    {
        long? connections = parsed.OrNull(Connections);
        long threads = parsed.Or(Threads, 1);
        return connections < threads
                ? $"{parsed.Typed(Connections)} and {parsed.Typed(Threads)} contradict each "
                    + "other: each thread needs a connection."
            : connections > parsed.Or(Count, long.MaxValue) && !IsOpenLoop(parsed)
                ? $"{parsed.Typed(Connections)} and {parsed.Typed(Count)} contradict each other: "
                    + "each connection sends at least one request."
            : threads > parsed.Or(Count, long.MaxValue)
                ? $"{parsed.Typed(Threads)} and {parsed.Typed(Count)} contradict each other: each "
                    + "thread sends at least one request."
            : null;
    }

    private IReadOnlyList<StageText> StagesOf(ParseResult parsed) => parsed.GetValue(Stages) ?? [];

    private static bool IsMixed(IReadOnlyList<StageText> stages) =>
        stages.Any(one => one.IsConnections != stages[0].IsConnections);

    private static TimeSpan Length(IReadOnlyList<StageText> stages) =>
        stages.Aggregate(TimeSpan.Zero, (sum, one) => sum + one.Stage.Length);

    // A jump at the end asks for nothing.
    private bool IsAnythingAsked(ParseResult parsed)
    {
        double target = parsed.Or(Rate, 0);
        foreach (StageText one in StagesOf(parsed))
        {
            if (one.Stage.Length > TimeSpan.Zero && target + one.Stage.Target > 0)
            {
                return true;
            }

            target = one.Stage.Target;
        }

        return false;
    }

    private static bool TryReadArrivals(string text, out (ArrivalKind Kind, int Burst) arrivals)
    {
        const string burst = "burst:";
        arrivals = (text == "poisson" ? ArrivalKind.Poisson : ArrivalKind.Uniform, 1);
        if (!text.StartsWith(burst, StringComparison.Ordinal))
        {
            return text is "uniform" or "poisson";
        }

        bool isValid = NumberText.TryParseWhole(text[burst.Length..], out long size)
            && size is >= 1 and <= BurstMax;
        arrivals = (ArrivalKind.Burst, isValid ? (int)size : 1);
        return isValid;
    }
}
