using System.CommandLine;
using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The options for what is printed and which files are written. Contradictions are refused, so that
/// no output is missing after a long run. One thread at a time.
/// </summary>
internal sealed class OutputOptions(LoadOptions load) : OptionGroup
{
    private const int PercentilesMax = 20;

    private static readonly (string Word, OutputKind Kind)[] s_kinds =
        [("json", OutputKind.Json), ("hgrm", OutputKind.Hgrm), ("hlog", OutputKind.Hlog)];

    public Option<ReportFormat> Format { get; } = OptionKinds.Word(
        ["--format"],
        "Report on standard output. [default: text]",
        ("text", ReportFormat.Text),
        ("wrk", ReportFormat.Wrk),
        ("wrk2", ReportFormat.Wrk2),
        ("json", ReportFormat.Json),
        ("quiet", ReportFormat.Quiet));

    public Option<IReadOnlyList<OutputFile>> Files { get; } = OptionKinds.Each<OutputFile>(
        ["--out", "-o"],
        "KIND=FILE",
        "File to write: json (all of the result), hgrm (percentiles) or hlog (intervals).",
        ReadFile);

    public Option<bool> Latency { get; } = OptionKinds.Flag(
        ["--latency", "-L"], "Print wrk's latency distribution.");

    public Option<bool> Uncorrected { get; } = OptionKinds.Flag(
        ["--u_latency", "-U"], "With a rate: print the distribution of the service time too.");

    public Option<IReadOnlyList<decimal>> Percentiles { get; } =
        OptionKinds.One<IReadOnlyList<decimal>>(
            ["--percentiles"],
            "LIST",
            "Percentiles of the table. [default: 50,90,99,99.9,99.99]",
            FormattableString.Invariant(
                $"1 to {PercentilesMax} percentages above 0 and at most 100, such as 50,99,99.9"),
            TryReadPercentiles);

    public Option<IReadOnlyList<KeyValuePair<string, string>>> Tags { get; } =
        OptionKinds.Each<KeyValuePair<string, string>>(
            ["--tag"], "NAME=VALUE", "Tag to keep in the JSON.", ReadTag);

    public Option<bool> Quiet { get; } = OptionKinds.Flag(
        ["--quiet"], "Print no progress on standard error.");

    public Option<bool> DryRun { get; } = OptionKinds.Flag(
        ["--dry-run"], "Print the plan and the first five requests, and send nothing.");

    public override string Title => "Output";

    public override IReadOnlyList<Option> Options =>
        [Format, Files, Latency, Uncorrected, Percentiles, Tags, Quiet, DryRun];

    public override string? Contradiction(ParseResult parsed)
    {
        ReportFormat format = parsed.Or(Format, ReportFormat.Text);
        string typed = parsed.Typed(Format);
        return parsed.Has(Uncorrected) && !load.IsOpenLoop(parsed)
                ? $"{parsed.NameOf(Uncorrected)} needs a rate, -R or --stage: without one every "
                    + "time is the service time already."
            : parsed.Has(Percentiles) && format is not (ReportFormat.Text or ReportFormat.Json)
                ? $"{parsed.NameOf(Percentiles)} and {typed} exclude each other: the percentiles "
                    + "of this format are fixed."
            : parsed.Has(Latency) && format == ReportFormat.Quiet
                ? $"{parsed.NameOf(Latency)} and {typed} exclude each other: nothing is printed."
            : parsed.Has(Uncorrected) && format == ReportFormat.Wrk
                ? $"{parsed.NameOf(Uncorrected)} and {typed} exclude each other: wrk has no "
                    + "uncorrected distribution; use --format wrk2."
            : parsed.Has(Uncorrected) && format == ReportFormat.Quiet
                ? $"{parsed.NameOf(Uncorrected)} and {typed} exclude each other: nothing is "
                    + "printed."
            : null;
    }

    /// <summary>The settings of a valid command line.</summary>
    public OutputSettings Read(ParseResult parsed) => new()
    {
        Format = parsed.Or(Format, ReportFormat.Text),
        Files = parsed.GetValue(Files)!,
        ShowsDistribution = parsed.GetValue(Latency),
        ShowsUncorrected = parsed.GetValue(Uncorrected),
        Percentiles = parsed.Or(Percentiles, OutputSettings.DefaultPercentiles),
        IsQuiet = parsed.GetValue(Quiet),
        IsDryRun = parsed.GetValue(DryRun),
    };

    /// <summary>The tags; of a repeated name the last value is used.</summary>
    public IReadOnlyDictionary<string, string> TagsOf(ParseResult parsed)
    {
        var tags = new Dictionary<string, string>();
        foreach ((string name, string value) in parsed.GetValue(Tags)!)
        {
            tags[name] = value;
        }

        return tags;
    }

    private static string? ReadFile(
        string text, IReadOnlyList<OutputFile> before, out OutputFile file)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string path = text[(equals + 1)..];
        bool isKind = OptionKinds.TryFind(s_kinds, text[..Math.Max(equals, 0)], out var kind);
        file = new OutputFile(kind, path);
        return !isKind || path.Length == 0
                ? $"must be json=FILE, hgrm=FILE or hlog=FILE, not '{text}'."
            : path == "-"
                ? $"must name a file, not '{text}'; --format json prints on standard output."
            : before.Any(other => other.Path == path)
                ? $"must not name '{path}' twice: the second would replace the first."
            : null;
    }

    private static bool TryReadPercentiles(string text, out IReadOnlyList<decimal> percentiles)
    {
        var read = new List<decimal>();
        percentiles = read;
        foreach (string word in text.Split(','))
        {
            if (!decimal.TryParse(
                    word,
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out decimal percent)
                || percent is <= 0 or > 100)
            {
                return false;
            }

            read.Add(percent);
        }

        return read.Count <= PercentilesMax;
    }

    // A tag is one word of a line, so that a log or a script can take the line apart.
    private static string? ReadTag(
        string text,
        IReadOnlyList<KeyValuePair<string, string>> before,
        out KeyValuePair<string, string> tag)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        tag = new(text[..Math.Max(equals, 0)], text[(equals + 1)..]);
        bool isWord = !text.Any(one => one == ',' || char.IsWhiteSpace(one) || char.IsControl(one));
        return equals > 0 && isWord ? null
            : $"must be NAME=VALUE without blanks and commas, not '{text}'.";
    }
}
