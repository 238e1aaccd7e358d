using System.Globalization;

namespace Reactor.Testing;

/// <summary>
/// How often a test repeats that looks for what is rare: a race, or a seed that fails. The
/// environment variable <c>REACTOR_RUNS</c> sets it, for a long look under load.
/// </summary>
public static class TestRuns
{
    private const string Variable = "REACTOR_RUNS";

    /// <summary>The number of runs; the usual one without the variable.</summary>
    public static int Or(int usual) => Environment.GetEnvironmentVariable(Variable) is { } wanted
        ? int.Parse(wanted, CultureInfo.InvariantCulture)
        : usual;
}
