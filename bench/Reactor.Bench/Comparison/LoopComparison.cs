// Our loop beside asyncio, uvloop, Node, tokio, Go and .NET's own Task, in one run: each contestant
// is a process of its own, they take turns for several rounds, and the median of each figure is
// shown, with how many times ours it is. One that is not installed is left out, and its package is
// named.
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Reactor.Bench.Servers;
using Spectre.Console;

namespace Reactor.Bench.Comparison;

internal static class LoopComparison
{
    private sealed record Contestant(string Name, string Command, string[] Arguments)
    {
        public Need? Need { get; init; }
    }

    /// <summary>What must succeed before a contestant can run: a test, or its build.</summary>
    private sealed record Need(string Package, string Command, string[] Arguments);

    /// <summary>Wide enough for all contestants on one line.</summary>
    private const int FileWidth = 140;

    public static int Run(int rounds)
    {
        List<Contestant> contestants = FindContestants();
        var figures = new Dictionary<(string Contestant, string Operation), List<double>>();
        for (int round = 1; round <= rounds; round++)
        {
            foreach (Contestant contestant in contestants)
            {
                Console.Error.WriteLine($"round {round} of {rounds}: {contestant.Name}");
                foreach ((string operation, double nanoseconds) in Measure(contestant))
                {
                    var key = (contestant.Name, operation);
                    if (!figures.TryGetValue(key, out List<double>? list))
                    {
                        figures.Add(key, list = []);
                    }

                    list.Add(nanoseconds);
                }
            }
        }

        Show(contestants, figures);
        return 0;
    }

    private static List<Contestant> FindContestants()
    {
        const string Python = "/usr/bin/python3";
        string own = Environment.ProcessPath!;
        string scripts = Path.Combine(AppContext.BaseDirectory, "loops");
        string built = Path.Combine(scripts, "built");
        string python = Path.Combine(scripts, "python_loop.py");
        List<Contestant> all =
        [
            new("ours", own, ["measure", "loop"]),
            new("Task", own, ["measure", "task"]),
            new("asyncio", Python, [python, "asyncio"])
            {
                Need = new("python3", Python, ["-c", "import asyncio"]),
            },
            new("uvloop", Python, [python, "uvloop"])
            {
                Need = new("python3-uvloop", Python, ["-c", "import uvloop"]),
            },
            new("Node", "node", [Path.Combine(scripts, "node_loop.js")])
            {
                Need = new("nodejs", "node", ["--version"]),
            },
            new("tokio", Path.Combine(built, "release", "tokio_loop"), [])
            {
                Need = new(
                    "cargo and librust-tokio-dev",
                    "cargo",
                    CargoBuild(Path.Combine(scripts, "tokio_loop", "Cargo.toml"), built)),
            },
            new("Go", Path.Combine(built, "go_loop"), [])
            {
                Need = new(
                    "golang-go",
                    "go",
                    ["build", "-o", built + "/", Path.Combine(scripts, "go_loop.go")]),
            },
        ];
        Directory.CreateDirectory(built);
        return all.FindAll(one => one.Need is not { } need || IsMet(one, need));
    }

    // Crates as Debian packages them: nothing is downloaded.
    private static string[] CargoBuild(string manifest, string target) =>
    [
        "build", "--release", "--offline", "--quiet",
        "--manifest-path", manifest,
        "--target-dir", target,
        "--config", "source.crates-io.replace-with='debian'",
        "--config", "source.debian.directory='/usr/share/cargo/registry'",
    ];

    private static bool IsMet(Contestant contestant, Need need)
    {
        try
        {
            using Process process = Start(need.Command, need.Arguments);
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0)
            {
                return true;
            }
        }
        catch (Win32Exception)
        {
            // The command does not exist; said below.
        }

        Console.Error.WriteLine(
            $"{contestant.Name} is left out: install the package {need.Package} to see it.");
        return false;
    }

    private static List<(string Operation, double Nanoseconds)> Measure(Contestant contestant)
    {
        using Process process = Start(contestant.Command, contestant.Arguments);
        var figures = new List<(string, double)>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            string[] cells = line.Split('\t');
            figures.Add((cells[0], double.Parse(cells[1], CultureInfo.InvariantCulture)));
        }

        process.WaitForExit();
        return process.ExitCode == 0
            ? figures
            : throw new InvalidOperationException(
                $"{contestant.Name} ended with exit code {process.ExitCode}; "
                    + "its errors are above.");
    }

    private static Process Start(string command, string[] arguments) =>
        Process.Start(new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
        })!;

    private static void Show(
        List<Contestant> contestants,
        Dictionary<(string Contestant, string Operation), List<double>> figures)
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = FileWidth; // or each cell is broken into three lines
        }

        Table table = new Table().Title("ns of CPU an operation (times ours)");
        table.AddColumn("operation");
        foreach (Contestant contestant in contestants)
        {
            table.AddColumn(new TableColumn(contestant.Name).RightAligned());
        }

        foreach (string operation in figures.Keys.Select(key => key.Operation).Distinct())
        {
            double ours = Summary.Of(figures[("ours", operation)]).Median;
            table.AddRow(
            [
                operation,
                .. contestants.Select(contestant =>
                    !figures.TryGetValue((contestant.Name, operation), out List<double>? list)
                        ? "–"
                        : contestant.Name == "ours"
                            ? Text($"{ours:F0}")
                            : TextBeside(Summary.Of(list).Median, ours)),
            ]);
        }

        AnsiConsole.Write(table);
    }

    private static string TextBeside(double figure, double ours) =>
        Text($"{figure:F0} ({figure / ours:F1})");

    private static string Text(FormattableString text) =>
        text.ToString(CultureInfo.InvariantCulture);
}
