using System.CommandLine;

namespace Reactor.Bench.Servers;

/// <summary>The command line of `bench/run`. Every mistake of the user is one sentence.</summary>
internal sealed class CompareCommand : Command
{
    private const int ExitRefusals = 1;
    private const int ExitUsage = 2;
    private static readonly CompareOptions s_defaults = new();

    private readonly Option<int?> _rounds = new("--rounds")
    {
        Description = $"How often each figure is measured. Default: {s_defaults.Rounds}.",
    };

    private readonly Option<int?> _seconds = new("--seconds")
    {
        Description = $"How long each time. Default: {s_defaults.Seconds}.",
    };

    private readonly Option<string?> _connections = new("--connections")
    {
        Description = "Numbers of connections, with commas. Default: "
            + $"{string.Join(',', s_defaults.Connections)}.",
    };

    private readonly Option<string?> _only = new("--only")
    {
        Description = $"Peers, with commas, of: {string.Join(',', PeerCatalog.Keys)}.",
    };

    private readonly Option<bool> _pinned = new("--pinned")
    {
        Description = "Only with the server and wrk on a core each.",
    };

    private readonly Option<bool> _unpinned = new("--unpinned")
    {
        Description = "Only with both cores free.",
    };

    private readonly Option<bool> _quick = new("--quick")
    {
        Description = "One round of a second, and less of everything: a trial, nothing to quote.",
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = "The folder for the results. Default: bench/results, and with --quick "
            + "artifacts/bench-quick.",
    };

    public CompareCommand()
        : base("compare", "Our server beside others: cost, memory, start, allocations.")
    {
        Add(_rounds);
        Add(_seconds);
        Add(_connections);
        Add(_only);
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

        if (Read(parsed, root!, out string? error) is not { } options)
        {
            return Fail(error!);
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

    private CompareOptions? Read(ParseResult parsed, string root, out string? error)
    {
        bool isQuick = parsed.GetValue(_quick);
        CompareOptions options = isQuick ? s_defaults.Quick() : s_defaults;
        string quickFolder = Path.Combine(root, "artifacts", "bench-quick");
        string[] only = Words(parsed.GetValue(_only));
        string? unknown = Array.Find(only, key => !PeerCatalog.Keys.Contains(key));
        int[]? connections = parsed.GetValue(_connections) is { } text
            ? CompareOptions.ReadConnections(text)
            : [.. options.Connections];
        options = options with
        {
            Rounds = parsed.GetValue(_rounds) ?? options.Rounds,
            Seconds = parsed.GetValue(_seconds) ?? options.Seconds,
            Connections = connections ?? [],
            Only = only,
            Pinnings = (parsed.GetValue(_pinned), parsed.GetValue(_unpinned)) switch
            {
                (true, false) => [true],
                (false, true) => [false],
                (true, true) => [true, false],
                _ => options.Pinnings,
            },
            Folder = parsed.GetValue(_out) ?? (isQuick ? quickFolder : null),
            CommandLine = string.Join(' ', ["bench/run", .. Environment.GetCommandLineArgs()[2..]]),
        };
        error = (options, unknown) switch
        {
            (_, not null) => $"There is no peer '{unknown}'; choose from: "
                + $"{string.Join(", ", PeerCatalog.Keys)}.",
            ({ Rounds: < 1 or > 100 }, _) => "--rounds must be 1 to 100.",
            ({ Seconds: < 1 or > 600 }, _) => "--seconds must be 1 to 600.",
            ({ Connections.Count: 0 }, _) =>
                "--connections wants numbers from 1 to 60000 with commas: 1,64,1024.",
            _ => null,
        };
        return error is null ? options : null;
    }

    private static string? MissingHere()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "The measurements read /proc and pin processes: they need Linux.";
        }

        if (Programs.Find("wrk") is null || Programs.Find("taskset") is null)
        {
            return "wrk and taskset are needed: apt-get install wrk util-linux";
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

    private static string[] Words(string? text) => text?.Split(
        ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static int Fail(string sentence)
    {
        Console.Error.WriteLine($"bench/run: {sentence}");
        return ExitUsage;
    }
}
