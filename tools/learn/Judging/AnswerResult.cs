namespace Reactor.Learn;

/// <summary>
/// What an answer did in one run: its lines, and one more if it ended badly. Immutable.
/// </summary>
/// <param name="Lines">The outcome.</param>
/// <param name="Seed">Of the schedule; null if the scenario has no schedules.</param>
/// <param name="Detail">The exception or the last words of the process; null without any.</param>
internal sealed record RunOutcome(IReadOnlyList<string> Lines, int? Seed, string? Detail);

/// <summary>What an answer did in a scenario. Immutable.</summary>
/// <param name="Facts">The scenario.</param>
/// <param name="Runs">How many runs ended; zero if the time was over before.</param>
/// <param name="Failures">The runs whose outcome is not the right one.</param>
internal sealed record ScenarioResult(
    ScenarioFacts Facts, int Runs, IReadOnlyList<RunOutcome> Failures)
{
    public bool IsRight => Runs > 0 && Failures.Count == 0;
}

/// <summary>What an answer did in all scenarios. Immutable.</summary>
internal sealed record AnswerResult
{
    public required IReadOnlyList<ScenarioResult> Scenarios { get; init; }

    /// <summary>The beginning of what it wrote to the console.</summary>
    public required string Printed { get; init; }

    /// <summary>Whether a foreground thread of the answer outlived all scenarios.</summary>
    public required bool HasThreadLeft { get; init; }

    /// <summary>Why the scenarios could not be run, a mistake of their author; else null.</summary>
    public string? Broken { get; init; }

    public bool IsRight => Broken is null && Scenarios.All(one => one.IsRight);
}
