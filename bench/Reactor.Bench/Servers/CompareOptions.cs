using System.Globalization;

namespace Reactor.Bench.Servers;

/// <summary>How much is measured, and where the results go.</summary>
internal sealed record CompareOptions
{
    public int Rounds { get; init; } = 3;

    public int Seconds { get; init; } = 3;

    /// <summary>Before a figure counts: code is compiled, buffers are grown.</summary>
    public int WarmUpSeconds { get; init; } = 2;

    public IReadOnlyList<int> Connections { get; init; } = [1, 16, 64, 256, 1024, 4096];

    /// <summary>Peers by their keys; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>The full name of an earlier commit to measure too, or null.</summary>
    public string? Before { get; init; }

    /// <summary>What is measured, by the words of <see cref="AllFigures"/>.</summary>
    public IReadOnlyList<string> Figures { get; init; } = AllFigures;

    /// <summary>What <c>--figures</c> understands.</summary>
    public static IReadOnlyList<string> AllFigures { get; } =
        ["starts", "allocations", "idle", "loads", "costs"];

    /// <summary>True: server and wrk on a core each. False: both where they like.</summary>
    public IReadOnlyList<bool> Pinnings { get; init; } = [true, false];

    public int IdleConnections { get; init; } = 8000;

    public int Starts { get; init; } = 10;

    /// <summary>Null for bench/results.</summary>
    public string? Folder { get; init; }

    public string CommandLine { get; init; } = "bench/run";

    /// <summary>A minute or two, to see that everything works; nothing to quote.</summary>
    public CompareOptions Quick() => this with
    {
        Rounds = 1,
        Seconds = 1,
        WarmUpSeconds = 1,
        Connections = [1, Scenario.UsualConnections],
        Pinnings = [true],
        IdleConnections = 1000,
        Starts = 2,
    };

    /// <summary>Reads numbers from 1 to 60000 with commas between them.</summary>
    public static bool TryReadConnections(string text, out int[] counts)
    {
        string[] words = text.Split(',', StringSplitOptions.TrimEntries);
        counts = new int[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            if (!int.TryParse(
                    words[i], NumberStyles.None, CultureInfo.InvariantCulture, out counts[i])
                || counts[i] is 0 or > 60_000)
            {
                return false;
            }
        }

        counts = [.. counts.Distinct().Order()];
        return true;
    }
}
