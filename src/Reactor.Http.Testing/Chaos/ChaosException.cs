using Reactor.Simulation;

namespace Reactor.Http.Testing;

/// <summary>
/// A <see cref="ChaosSearch"/> has found a run that fails. The message has the failure, the faults
/// in words, and the line that repeats the run; the inner exception is the failure itself.
/// </summary>
public sealed class ChaosException : Exception
{
    internal ChaosException(
        string message, ChaosRecipe recipe, int seeds, bool isDeterministic, Exception failure)
        : base(message, failure)
    {
        Seed = recipe.Seed;
        Faults = recipe.Faults;
        Recipe = recipe.ToString();
        SeedsTried = seeds;
        IsDeterministic = isDeterministic;
    }

    /// <summary>The seed that fails.</summary>
    public int Seed { get; }

    /// <summary>The number of seeds tried, including the failing one.</summary>
    public int SeedsTried { get; }

    /// <summary>The faults that make it fail; empty if it fails without.</summary>
    public IReadOnlyList<Fault> Faults { get; }

    /// <summary>
    /// Seed and faults as text for <c>ChaosSearch.Replay</c>, for example
    /// <c>seed 17 delay@5=20ms</c>.
    /// </summary>
    public string Recipe { get; }

    /// <summary>
    /// False if the same seed gave different outcomes: then the faults are those of one run, and
    /// the recipe need not fail.
    /// </summary>
    public bool IsDeterministic { get; }
}
