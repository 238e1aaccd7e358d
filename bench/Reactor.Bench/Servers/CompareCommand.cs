using System.CommandLine;
using Reactor.Tools;

namespace Reactor.Bench.Servers;

/// <summary>
/// The command line of `bench/run`. Every mistake of the user is one sentence. The script itself
/// shows the help and refuses what contradicts itself, before it builds this program.
/// </summary>
internal sealed class CompareCommand : Command
{
    private const int ExitRefusals = 1;
    private const int ExitUsage = 2;
    private static readonly CompareOptions s_defaults = new();

    private readonly Option<int?> _rounds = new("--rounds")
    {
        HelpName = "NUMBER",
        CustomParser = OptionValues.WholeOrNone(1, 100),
    };

    private readonly Option<int?> _seconds = new("--seconds")
    {
        HelpName = "NUMBER",
        CustomParser = OptionValues.WholeOrNone(1, 600),
    };

    private readonly Option<int[]?> _connections = new("--connections")
    {
        HelpName = "NUMBERS",
        CustomParser = OptionValues.Parser<int[]>(
            "numbers from 1 to 60000 separated by commas, such as 1,64,1024",
            CompareOptions.TryReadConnections),
    };

    private readonly Option<string[]?> _only = new("--only")
    {
        HelpName = "NAMES",
        CustomParser = OptionValues.Parser<string[]>(
            $"names separated by commas, of {string.Join(", ", PeerCatalog.Keys)}",
            (string text, out string[] names) =>
                TryReadNames(text, PeerCatalog.Keys, out names)),
    };

    private readonly Option<string?> _before = new("--before") { HelpName = "REVISION" };

    private readonly Option<string[]?> _figures = new("--figures")
    {
        HelpName = "NAMES",
        CustomParser = OptionValues.Parser<string[]>(
            $"names separated by commas, of {string.Join(", ", CompareOptions.AllFigures)}",
            (string text, out string[] names) =>
                TryReadNames(text, CompareOptions.AllFigures, out names)),
    };

    private readonly Option<bool> _pinned = new("--pinned");

    private readonly Option<bool> _unpinned = new("--unpinned");

    private readonly Option<bool> _quick = new("--quick");

    private readonly Option<string?> _out = new("--out") { HelpName = "FOLDER" };

    public CompareCommand()
        : base("bench/run", "What bench/run runs; bench/run --help explains it.")
    {
        Add(_rounds);
        Add(_seconds);
        Add(_connections);
        Add(_only);
        Add(_before);
        Add(_figures);
        Add(_pinned);
        Add(_unpinned);
        Add(_quick);
        Add(_out);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        string? root = FindRoot();
        if ((root is null ? "The repository is not above this program." : MissingHere()) is { } no)
        {
            return Fail(no);
        }

        CompareOptions options = Read(parsed, root!);
        if (parsed.GetValue(_before) is { } revision)
        {
            string? commit = await OwnServers.FindRevisionAsync(root!, revision, stop);
            if (commit is null)
            {
                return Fail($"--before must be a commit, tag or branch of this repository, not "
                    + $"'{revision}'.");
            }

            options = options with { Before = commit };
        }
        else if (options.Only.Contains(OwnServers.BeforeKey))
        {
            return Fail("--only before needs --before REVISION.");
        }

        var run = new CompareRun(root!, options, stop);
        try
        {
            RunRecord record = await run.RunAsync();
            Console.WriteLine(run.Write());
            return record.HasRefusals ? ExitRefusals : 0;
        }
        catch (OperationCanceledException)
        {
            return Fail("Interrupted: nothing was written.");
        }
    }

    private CompareOptions Read(ParseResult parsed, string root)
    {
        bool isQuick = parsed.GetValue(_quick);
        CompareOptions options = isQuick ? s_defaults.Quick() : s_defaults;
        string quickFolder = Path.Combine(root, "artifacts", "bench-quick");
        return options with
        {
            Rounds = parsed.GetValue(_rounds) ?? options.Rounds,
            Seconds = parsed.GetValue(_seconds) ?? options.Seconds,
            Connections = parsed.GetValue(_connections) ?? options.Connections,
            Only = parsed.GetValue(_only) ?? [],
            Figures = parsed.GetValue(_figures) ?? options.Figures,
            Pinnings = (parsed.GetValue(_pinned), parsed.GetValue(_unpinned)) switch
            {
                (true, false) => [true],
                (false, true) => [false],
                _ => options.Pinnings,
            },
            Folder = parsed.GetValue(_out) ?? (isQuick ? quickFolder : null),
            CommandLine = string.Join(' ', ["bench/run", .. Environment.GetCommandLineArgs()[2..]]),
        };
    }

    private static string? MissingHere()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "The measurements read /proc and pin processes: they need Linux.";
        }

        if (Programs.Find("wrk") is null || Programs.Find("taskset") is null)
        {
            return "wrk and taskset are needed: apt-get install wrk util-linux.";
        }

        return Environment.ProcessorCount < 2
            ? "Two cores are needed, one for the server and one for wrk; this process has one."
            : null;
    }

    private static string? FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Reactor.sln")))
            {
                return at.FullName;
            }
        }

        return null;
    }

    private static bool TryReadNames(
        string text, IReadOnlyList<string> known, out string[] names)
    {
        names = text.Split(',', StringSplitOptions.TrimEntries);
        return Array.TrueForAll(names, known.Contains);
    }

    private static int Fail(string sentence)
    {
        Console.Error.WriteLine($"bench/run: {sentence}");
        return ExitUsage;
    }
}
