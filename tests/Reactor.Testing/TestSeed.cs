using System.Globalization;

namespace Reactor.Testing;

/// <summary>
/// The seed of a random test: printed with the test's output, and taken from the environment
/// variable <c>REACTOR_TEST_SEED</c> where that is set, so that a failure can be repeated.
/// </summary>
public static class TestSeed
{
    private const string Variable = "REACTOR_TEST_SEED";

    /// <summary>The seed of the running test; printed.</summary>
    public static int Next()
    {
        string? wanted = Environment.GetEnvironmentVariable(Variable);
        int seed = int.TryParse(wanted, CultureInfo.InvariantCulture, out int given)
            ? given
            : Random.Shared.Next();
        TestContext.Out.WriteLine($"{Variable}={seed}");
        return seed;
    }

    /// <summary>Random numbers from the seed of the running test.</summary>
    public static Random NewRandom() => new(Next());
}
