// What the scenarios of an exercise are made of. `learn` runs each scenario with an answer, and
// compares the lines that it writes with the right ones and with those of each misconception.

namespace Reactor.Learn;

/// <summary>
/// One thing that an answer is asked: code that writes lines, and the right lines.
/// </summary>
/// <param name="title">What must hold, as a sentence.</param>
/// <param name="run">Uses the answer, and writes what it does.</param>
public sealed class Scenario(string title, Action<Log> run)
{
    /// <summary>What must hold, as a sentence.</summary>
    public string Title => title;

    /// <summary>Uses the answer, and writes what it does.</summary>
    public Action<Log> Run => run;

    /// <summary>The lines that a right answer writes.</summary>
    public required string[] Right { get; init; }

    /// <summary>The lines that an answer with a misconception writes, by its number.</summary>
    public Dictionary<string, string[]> Wrong { get; } = [];

    /// <summary>
    /// Whether it is run with many seeds, because it uses <see cref="Log.Schedule"/>.
    /// </summary>
    public bool Schedules { get; init; }

    /// <summary>The longest time of a run; one that takes longer is endless.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>Takes the lines of one run of a scenario. Any thread.</summary>
/// <param name="seed">Of <see cref="Schedule"/>.</param>
/// <param name="write">Is given each line.</param>
public sealed class Log(int seed, Action<string> write)
{
    /// <summary>
    /// Picks orders, splits and interleavings; the same in each run with the same seed.
    /// </summary>
    public Random Schedule { get; } = new(seed);

    /// <summary>Adds a line to the outcome.</summary>
    public void Write(string line) => write(line);
}
