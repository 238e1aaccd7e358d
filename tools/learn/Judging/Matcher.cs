namespace Reactor.Learn;

/// <summary>Finds the misconception that explains what an answer did.</summary>
internal static class Matcher
{
    /// <summary>
    /// The numbers of the misconceptions that explain every failure: in each scenario each outcome
    /// is right, or has exactly the lines of the misconception; at least one failed. Empty for a
    /// right answer.
    /// </summary>
    public static IReadOnlyList<string> Explain(AnswerResult result)
    {
        ScenarioResult[] failed =
            [.. result.Scenarios.Where(one => one.Failures.Count > 0)];
        return failed.Length == 0
            ? []
            : [.. failed[0].Facts.Wrong.Keys.Where(number => failed.All(one => Fits(one, number)))
                .Order(StringComparer.Ordinal)];
    }

    private static bool Fits(ScenarioResult scenario, string number) =>
        scenario.Facts.Wrong.TryGetValue(number, out string[]? lines)
        && scenario.Failures.All(failure => failure.Lines.SequenceEqual(lines));
}
