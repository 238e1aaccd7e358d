using System.CommandLine;
using System.Globalization;
using Reactor.Drivers;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The options of the measurement around the load: its phases, intervals, clock and driver. One
/// thread at a time.
/// </summary>
internal sealed class MeasureOptions(LoadOptions load, TimeProvider clock) : OptionGroup
{
    private static readonly TimeSpan s_intervalMin = TimeSpan.FromMilliseconds(10);

    public Option<TimeSpan> WarmUp { get; } = OptionKinds.Time(
        ["--warmup", "-w"],
        "Load before the measurement, excluded from the results. [default: 500ms; 0 with -n and "
            + "no -d]",
        TimeSpan.Zero);

    public Option<TimeSpan> Drain { get; } = OptionKinds.Time(
        ["--drain"],
        "Maximum wait for responses after the measurement. [default: 1s]",
        TimeSpan.Zero);

    public Option<TimeSpan> Interval { get; } = OptionKinds.Time(
        ["--interval"], "Interval of logs and of the series in JSON. [default: 1s]", s_intervalMin);

    public Option<string> StartAt { get; } = OptionKinds.Text(
        ["--start-at"],
        "TIME",
        "Start at this time, to start several machines together: 2026-01-31T12:00:00Z, or +10s.");

    public Option<ulong> Seed { get; } = OptionKinds.One<ulong>(
        ["--seed"],
        "N",
        "Seed of random arrivals. [default: a new one, which is printed]",
        FormattableString.Invariant($"a whole number from 0 to {ulong.MaxValue}"),
        (string text, out ulong seed) => ulong.TryParse(
            text, NumberStyles.None, CultureInfo.InvariantCulture, out seed));

    public Option<IdleMode> Idle { get; } = OptionKinds.Word(
        ["--idle"],
        "Wait for the next instant of a rate: sleep, then spin for the last part (hybrid); only "
            + "spin (a whole core); or only sleep. [default: hybrid]",
        ("hybrid", IdleMode.Hybrid),
        ("spin", IdleMode.Spin),
        ("sleep", IdleMode.Sleep));

    public Option<string> Driver { get; } = OptionKinds.Word<string>(
        ["--driver"],
        $"I/O driver. [default: {LoadLoop.DefaultDriver}]",
        [.. LoopDrivers.Names.Select(name => (name, name))]);

    public Option<bool> NoInline { get; } = OptionKinds.Flag(
        ["--no-inline"],
        "With --driver sockets: complete operations on the thread pool, for comparison.");

    public override string Title => "Measurement";

    public override IReadOnlyList<Option> Options =>
        [WarmUp, Drain, Interval, StartAt, Seed, Idle, Driver, NoInline];

    public override string? Contradiction(ParseResult parsed)
    {
        TryReadStart(parsed, out string? complaint);
        string driver = parsed.Or(Driver, LoadLoop.DefaultDriver);
        return parsed.Has(Idle) && !load.IsOpenLoop(parsed)
                ? $"{parsed.Typed(Idle)} needs a rate, -R or --stage: without one there is no "
                    + "instant to wait for."
            : parsed.GetValue(NoInline) && driver != LoopDrivers.Names[0]
                ? $"--no-inline is only for --driver {LoopDrivers.Names[0]}: "
                    + $"{driver} has no completions on the thread pool."
            : complaint;
    }

    /// <summary>Adds the values to a plan.</summary>
    public LoadPlan Apply(ParseResult parsed, LoadPlan plan)
    {
        // A run of an exact number is usually a check, so every request is measured.
        bool isExact = parsed.Has(load.Count) && !parsed.Has(load.Duration)
            && !parsed.Has(load.Stages);
        return plan with
        {
            WarmUp = parsed.Or(WarmUp, isExact ? TimeSpan.Zero : plan.WarmUp),
            Drain = parsed.Or(Drain, plan.Drain),
            Interval = parsed.Or(Interval, plan.Interval),
            Idle = parsed.Or(Idle, plan.Idle),
            StartAt = TryReadStart(parsed, out _),
        };
    }

    private DateTimeOffset? TryReadStart(ParseResult parsed, out string? complaint)
    {
        complaint = null;
        if (!parsed.Has(StartAt))
        {
            return null;
        }

        string text = parsed.GetValue(StartAt)!;
        DateTimeOffset now = clock.GetUtcNow();
        if (text.StartsWith('+') && DurationText.TryParse(text[1..], out TimeSpan delay))
        {
            return now + delay;
        }

        // Without an offset the machines of a test could mean different instants.
        bool isTime = DateTimeOffset.TryParseExact(
            text,
            ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out DateTimeOffset start)
            && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.LastIndexOf('T'));
        string name = parsed.NameOf(StartAt);
        complaint = !isTime
                ? $"{name} must be a time with its offset, such as 2026-01-31T12:00:00Z, or a "
                    + $"delay of at most 24h, such as +10s, not '{text}'."
            : start < now ? $"{name} '{text}' is in the past."
            : start - now > DurationText.Max ? $"{name} '{text}' is more than 24h ahead."
            : null;
        return complaint is null ? start : null;
    }
}
