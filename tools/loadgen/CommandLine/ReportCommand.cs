// `loadgen report` prints a saved run again, byte for byte as the run itself printed it.
//
// The exit code tells whether the report could be made, not what it says: the run had its own. A
// file that cannot be read is one sentence and exit code 2; one that cannot be written, 1.
using System.CommandLine;

namespace Reactor.Tools.Loadgen;

/// <summary>The command <c>loadgen report</c>.</summary>
internal sealed class ReportCommand(TextWriter output, TextWriter errors)
{
    private readonly OutputOptions _report = new(new LoadOptions());

    private readonly Argument<string> _file = new("FILE")
    {
        Description = "A run saved with -o json=FILE.",
    };

    private readonly Option<string> _format = new Option<string>("--format")
    {
        Description = "Report on standard output.",
        DefaultValueFactory = _ => SavedRun.Kinds[0],
    }.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, [.. SavedRun.Kinds]);

    private readonly Option<string[]> _out = new("--out", "-o")
    {
        Description = "File to write instead, with any of the formats. Repeatable.",
        HelpName = "KIND=FILE",
    };

    /// <summary>Makes the command with its options and its action.</summary>
    public Command Make()
    {
        var command = new Command(
            "report", "Prints the report of a saved run again, in any format.")
        {
            _file,
            _format,
            _out,
            _report.Latency,
            _report.Uncorrected,
            _report.Percentiles,
        };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string[] files = parsed.GetValue(_out) ?? [];
        foreach (string file in files)
        {
            if (!SavedRun.Kinds.Contains(KindOf(file)) || PathOf(file).Length == 0)
            {
                return Say.Usage(
                    errors,
                    $"-o must be KIND=FILE with a kind of {string.Join(", ", SavedRun.Kinds)}, " +
                    $"not '{file}'.");
            }
        }

        if (SavedRun.Read(parsed.GetValue(_file)!, out string? error) is not { } run)
        {
            Say.Line(errors, error!);
            return ExitCode.Usage;
        }

        ReportPart saved = run.File.Report;
        run = run with
        {
            File = run.File with
            {
                Report = new ReportPart(
                    parsed.Or(_report.Percentiles, saved.Percentiles),
                    saved.ShowsDistribution || parsed.GetValue(_report.Latency),
                    saved.ShowsUncorrected || parsed.GetValue(_report.Uncorrected)),
            },
        };
        if (run.File.Report.ShowsUncorrected && !run.Result.Run.IsOpenLoop)
        {
            return Say.Usage(
                errors, $"{parsed.NameOf(_report.Uncorrected)} needs a run with a rate.");
        }

        foreach (string file in files)
        {
            if (TextFile.Write(PathOf(file), run.Render(KindOf(file))) is { } problem)
            {
                Say.Line(errors, problem);
                return ExitCode.Internal;
            }
        }

        if (files.Length == 0 || parsed.GetResult(_format) is { Implicit: false })
        {
            output.Write(run.Render(parsed.GetValue(_format)!.ToLowerInvariant()));
            output.Flush();
        }

        return ExitCode.Ok;
    }

    private static string KindOf(string file) =>
        file[..Math.Max(file.IndexOf('=', StringComparison.Ordinal), 0)];

    private static string PathOf(string file) =>
        file[(file.IndexOf('=', StringComparison.Ordinal) + 1)..];
}
