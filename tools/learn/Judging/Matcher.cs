namespace Reactor.Learn;

/// <summary>
/// Finds the misconception that explains what an answer did: the one whose wrong answer does the
/// same in every scenario. Rejected: to name it if it explains only some of the scenarios. Of the
/// solutions with a small mistake, one in ten was named then, mostly for a reason that it did not
/// have.
/// </summary>
internal static class Matcher
{
    /// <summary>
    /// The numbers of the misconceptions that explain the answer: in each scenario that has lines
    /// of this number, a run failed, and each failed run has exactly these lines; in every other
    /// scenario all is right. A scenario that was not run counts for none. Empty for a right
    /// answer.
    /// </summary>
    public static IReadOnlyList<string> Explain(AnswerResult result)
    {
        ScenarioResult[] ran = [.. result.Scenarios.Where(one => one.Runs > 0)];
        return ran.FirstOrDefault(one => one.Failures.Count > 0) is { } failed
            ? [.. failed.Facts.Wrong.Keys.Where(number => ran.All(one => Fits(one, number)))
                .Order(StringComparer.Ordinal)]
            : [];
    }

    private static bool Fits(ScenarioResult scenario, string number) =>
        !scenario.Facts.Wrong.TryGetValue(number, out string[]? lines)
            || lines.SequenceEqual(scenario.Facts.Right)
            ? scenario.IsRight
            : scenario.Failures.Count > 0
                && scenario.Failures.All(failure => failure.Lines.SequenceEqual(lines));
}
