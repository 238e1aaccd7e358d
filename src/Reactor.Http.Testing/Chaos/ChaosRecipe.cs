using System.Globalization;
using System.Text;
using Reactor.Simulation;

namespace Reactor.Http.Testing;

/// <summary>
/// What makes a run repeatable: the seed and the list of faults. Its text is
/// <c>seed 17 delay@5=20ms reset@9=120</c>.
/// </summary>
internal sealed record ChaosRecipe(int Seed, IReadOnlyList<Fault> Faults)
{
    private const string SeedWord = "seed";

    /// <exception cref="FormatException">The text is not a recipe.</exception>
    public static ChaosRecipe Parse(string text)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words is not [SeedWord, var number, .. var faults]
            || !int.TryParse(
                number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int seed))
        {
            throw new FormatException(
                $"'{text}' is not a run to replay: write the seed and then the faults, for example "
                + "'seed 17 delay@5=20ms reset@9=120'.");
        }

        var recipe = new ChaosRecipe(seed, [.. faults.Select(Fault.Parse)]);
        IGrouping<(FaultKind, int), Fault>? twice = recipe.Faults
            .GroupBy(fault => (fault.Kind, fault.Opportunity))
            .FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? recipe
            : throw new FormatException(
                $"'{text}' has two faults at one opportunity: {string.Join(" and ", twice)}.");
    }

    public override string ToString()
    {
        var text = new StringBuilder().Append(
            CultureInfo.InvariantCulture, $"{SeedWord} {Seed}");
        foreach (Fault fault in Faults)
        {
            text.Append(' ').Append(fault);
        }

        return text.ToString();
    }
}
