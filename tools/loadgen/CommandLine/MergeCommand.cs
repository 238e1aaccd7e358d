// `loadgen merge` reads the saved runs of several machines and writes their exact sum.
//
// Every input is read and checked before anything is written, so a failure leaves no half file. A
// file that cannot be read, or runs that describe no common load, is one sentence and exit code 2.
using System.CommandLine;

namespace Reactor.Tools.Loadgen;

/// <summary>The command <c>loadgen merge</c>.</summary>
internal sealed class MergeCommand(TextWriter output, TextWriter errors)
{
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Runs saved with -o json=FILE.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _out = new("--out", "-o")
    {
        Description = "File for the merged JSON. [default: standard output]",
        HelpName = "FILE",
    };

    private readonly Option<bool> _force = new("--force")
    {
        Description = "Merge runs of different loads, or that were not at the same time.",
    };

    /// <summary>Makes the command with its options and its action.</summary>
    public Command Make()
    {
        var command = new Command("merge", "Merges saved runs of several machines, exactly.")
        {
            _files,
            _out,
            _force,
        };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string[] paths = parsed.GetValue(_files)!;
        // The other commands name the kind too.
        string? target = parsed.GetValue(_out);
        target = target?.StartsWith("json=", StringComparison.Ordinal) is true
            ? target["json=".Length..]
            : target;
        var runs = new List<SavedRun>();
        foreach (string path in paths)
        {
            if (SavedRun.Read(path, out string? error) is not { } run)
            {
                return Fail(ExitCode.Usage, error!);
            }

            runs.Add(run);
        }

        // A second call of `merge *.json -o all.json` would count what the first one merged again.
        if (target is { Length: > 0 }
            && paths.Select(Path.GetFullPath).Contains(Path.GetFullPath(target)))
        {
            return Say.Usage(errors, $"{target} is both a file to merge and the output.");
        }

        LoadResult[] results = [.. runs.Select(one => one.Result)];
        if (RunMerge.Obstacle(results) is { } obstacle)
        {
            return Fail(ExitCode.Usage, $"cannot merge: {obstacle}.");
        }

        if (!parsed.GetValue(_force) && RunMerge.Doubt(results) is { } doubt)
        {
            return Fail(ExitCode.Usage, $"{doubt}; --force merges nevertheless.");
        }

        string json = SavedRun.Merge(runs).Render("json");
        if (target is null)
        {
            output.Write(json);
            output.Flush();
            return ExitCode.Ok;
        }

        return TextFile.Write(target, json) is { } problem
            ? Fail(ExitCode.Internal, problem)
            : ExitCode.Ok;
    }

    private int Fail(int exitCode, string sentence)
    {
        Say.Line(errors, sentence);
        return exitCode;
    }
}
