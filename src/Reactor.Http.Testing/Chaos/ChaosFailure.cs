using System.Diagnostics;
using System.Globalization;
using System.Text;
using Reactor.Simulation;

namespace Reactor.Http.Testing;

/// <summary>
/// Explains a seed that fails: checks that it fails again, shrinks its faults and writes the
/// message.
/// </summary>
internal sealed class ChaosFailure(ChaosRun run, int seed, int seeds, bool hasOptions)
{
    public ChaosException Explain(ChaosOutcome first)
    {
        Exception failure = first.Failure!;
        IReadOnlyList<Fault> drawn = [.. first.Faults.Select(one => one.Fault)];
        if (failure is ForeignWaitException)
        {
            return ExplainChance(first, first);
        }

        if (failure is LongRunException)
        {
            return new ChaosException(
                Head(first), new ChaosRecipe(seed, drawn), seeds, isDeterministic: true, failure);
        }

        ChaosOutcome second = run.Draw(seed);
        ChaosOutcome listed = second.IsLike(first) ? Repeat(drawn) : second;
        if (!listed.IsLike(first))
        {
            return ExplainChance(first, listed);
        }

        long start = Stopwatch.GetTimestamp();
        var shrinker = new FaultShrinker(
            faults => Repeat(faults).Fails(failure.GetType()),
            () => Stopwatch.GetElapsedTime(start) >= run.Options.TimeLimit);
        var recipe = new ChaosRecipe(seed, shrinker.Shrink(drawn));
        ChaosOutcome last = Repeat(recipe.Faults);
        if (!last.Fails(failure.GetType()))
        {
            return ExplainChance(first, last);
        }

        var text = new StringBuilder(Head(last)).AppendLine().AppendLine();
        string all = FirstLine(Describe(failure));
        if (FirstLine(Describe(last.Failure)) != all)
        {
            text.Append("With all of its faults it fails with: ").AppendLine(all).AppendLine();
        }

        AppendFaults(text, recipe, drawn.Count, last.Faults, shrinker.IsCutShort);
        text.AppendLine().AppendLine().AppendLine("To reproduce it:");
        text.Append(
            CultureInfo.InvariantCulture,
            $"ChaosSearch.Replay(\"{recipe}\", makeApplication, scenario")
            .Append(hasOptions ? ", options);" : ");");
        return new ChaosException(
            text.ToString(), recipe, seeds, isDeterministic: true, last.Failure!);
    }

    private ChaosException ExplainChance(ChaosOutcome first, ChaosOutcome other)
    {
        var text = new StringBuilder(Head(first)).AppendLine().AppendLine();
        text.Append("The test is not deterministic");
        if (!ReferenceEquals(first, other))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $": the same seed ended at {first.End} with {first.Faults.Count} faults, and again "
                + $"at {other.End} with {other.Faults.Count} faults and {Describe(other.Failure)}");
        }

        text.Append(". Static state, the real clock and random numbers that are not the loop's ")
            .Append("differ from run to run.");
        var recipe = new ChaosRecipe(seed, [.. first.Faults.Select(one => one.Fault)]);
        return new ChaosException(
            text.ToString(), recipe, seeds, isDeterministic: false, first.Failure!);
    }

    private void AppendFaults(
        StringBuilder text, ChaosRecipe recipe, int drawn, IReadOnlyList<NetworkFault> happened,
        bool isCutShort)
    {
        int count = recipe.Faults.Count;
        if (count == 0)
        {
            text.Append("It fails without any fault.");
            return;
        }

        if (count > run.Options.FaultsMax)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"It could not be shrunk to {run.Options.FaultsMax} faults. ");
        }

        if (isCutShort)
        {
            text.Append("The time limit ended the shrinking. ");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"The faults without which it does not fail ({count} of {drawn} drawn):");
        AppendLines(text, happened.Select(one => one.ToString()));
    }

    private string Head(ChaosOutcome outcome)
    {
        string head = string.Create(
            CultureInfo.InvariantCulture,
            $"Seed {seed} fails (seeds tried: {seeds}): {Describe(outcome.Failure)}");
        return outcome.Report is { } report
            ? head + Environment.NewLine + Environment.NewLine + report
            : head;
    }

    private ChaosOutcome Repeat(IReadOnlyList<Fault> faults) =>
        run.Repeat(new ChaosRecipe(seed, faults));

    private static string Describe(Exception? failure) =>
        failure is null ? "no failure" : $"{failure.GetType().FullName}: {failure.Message}";

    private static string FirstLine(string text) =>
        text.TrimStart().ReplaceLineEndings("\n").Split('\n')[0];

    private static void AppendLines(StringBuilder text, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            text.AppendLine().Append("* ").Append(
                line.TrimEnd().ReplaceLineEndings(Environment.NewLine + "  "));
        }
    }
}
