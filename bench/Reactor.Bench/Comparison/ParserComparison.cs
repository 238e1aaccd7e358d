// Our request parser beside picohttpparser and llhttp, in one run: they take turns on the same
// heads, and the lowest figure of each counts, since a disturbance can only add. The C program
// bench/peers/parsers.c measures the other two with the packages of Debian.
//
// Ours does more than they do: it keeps a copy of the head, recognises names, and decides what
// Host, the framing and the connection options mean.
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Reactor.Bench.Servers;
using Reactor.Http.Protocol;
using Spectre.Console;

namespace Reactor.Bench.Comparison;

internal static class ParserComparison
{
    private const string Packages = "gcc libc6-dev libh2o0.13 node-llhttp";
    private const string LlhttpSources = "/usr/share/llhttp";

    // As in parsers.c.
    private const int Batches = 200;
    private const int Batch = 1000;

    // The framework's own code is compiled again while it is in use; it must be over by then.
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1);
    private static readonly string[] s_parsers = ["ours", "picohttpparser", "llhttp"];
    private static readonly (string Name, string Text)[] s_heads =
        [("wrk", RequestHeads.Wrk), ("browser", RequestHeads.Browser)];

    /// <summary>Measures for several rounds and prints the table.</summary>
    /// <returns>The exit code: 1 if the peers could not be built.</returns>
    public static async Task<int> RunAsync(int rounds, CancellationToken stop)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("parsers-");
        try
        {
            foreach ((string name, string text) in s_heads)
            {
                File.WriteAllText(Path.Combine(folder.FullName, name), text, Encoding.ASCII);
            }

            string? peers = await BuildPeersAsync(folder.FullName, stop);
            var lowest = new Dictionary<(string Parser, string Head), double>();
            for (int round = 0; round < rounds; round++)
            {
                MeasureOurs(lowest);
                if (peers is not null)
                {
                    await MeasurePeersAsync(peers, folder.FullName, lowest, stop);
                }
            }

            Show(lowest);
            return peers is null ? 1 : 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string?> BuildPeersAsync(string folder, CancellationToken stop)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "peers", "parsers.c");
        string program = Path.Combine(folder, "parsers");
        (bool succeeded, string text) = await Programs.RunAsync(
            "gcc",
            [
                "-O3", "-march=native", "-I/usr/share/include/llhttp", "-o", program, source,
                .. Directory.Exists(LlhttpSources)
                    ? Directory.GetFiles(LlhttpSources, "*.c")
                    : [],
                "-ldl",
            ],
            stop);
        if (succeeded)
        {
            return program;
        }

        Console.Error.WriteLine(
            $"picohttpparser and llhttp are left out: {Programs.LastLine(text)} "
                + $"Install the packages {Packages} to see them.");
        return null;
    }

    private static void MeasureOurs(Dictionary<(string Parser, string Head), double> lowest)
    {
        foreach ((string name, string text) in s_heads)
        {
            byte[] bytes = Encoding.ASCII.GetBytes(text);
            var parser = new RequestParser();
            var head = new RequestHead();
            for (var warmUp = Stopwatch.StartNew(); warmUp.Elapsed < s_warmUp;)
            {
                Run(parser, head, bytes);
            }

            for (int batch = 0; batch < Batches; batch++)
            {
                long start = Stopwatch.GetTimestamp();
                Run(parser, head, bytes);
                double figure = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Batch;
                Keep(lowest, "ours", name, figure);
            }

            head.Release();
        }
    }

    private static void Run(RequestParser parser, RequestHead head, byte[] bytes)
    {
        for (int i = 0; i < Batch; i++)
        {
            if (parser.Parse(bytes, head, out int _) != ParseStatus.Done)
            {
                throw new InvalidOperationException("Our parser refuses a head.");
            }
        }
    }

    private static async Task MeasurePeersAsync(
        string program,
        string folder,
        Dictionary<(string Parser, string Head), double> lowest,
        CancellationToken stop)
    {
        (bool succeeded, string text) = await Programs.RunAsync(
            program, s_heads.Select(head => Path.Combine(folder, head.Name)), stop);
        string[] lines = text.Split('\n');
        foreach (string[] cells in lines.Select(line => line.Split('\t')))
        {
            if (cells is [var parser, var file, var figure])
            {
                Keep(lowest, parser, Path.GetFileName(file),
                    double.Parse(figure, CultureInfo.InvariantCulture));
            }
            else
            {
                Console.Error.WriteLine($"{string.Join(' ', cells)} ({Packages})");
            }
        }

        if (!succeeded)
        {
            throw new InvalidOperationException("parsers.c failed; its errors are above.");
        }
    }

    private static void Keep(
        Dictionary<(string Parser, string Head), double> lowest,
        string parser, string head, double figure) =>
        lowest[(parser, head)] = Math.Min(
            figure, lowest.GetValueOrDefault((parser, head), double.MaxValue));

    private static void Show(Dictionary<(string Parser, string Head), double> lowest)
    {
        Table table = new Table().Title("ns a head (ours as a multiple)");
        table.AddColumn("head");
        foreach (string parser in s_parsers)
        {
            table.AddColumn(new TableColumn(parser).RightAligned());
        }

        foreach ((string name, string text) in s_heads)
        {
            double ours = lowest[("ours", name)];
            table.AddRow(
            [
                Text($"{name}, {text.Length} bytes"),
                .. s_parsers.Select(parser =>
                    !lowest.TryGetValue((parser, name), out double figure) ? "–"
                    : parser == "ours" ? Text($"{figure:F0}")
                    : Text($"{figure:F0} ({ours / figure:F2})")),
            ]);
        }

        AnsiConsole.Write(table);
    }

    private static string Text(FormattableString text) =>
        text.ToString(CultureInfo.InvariantCulture);
}
