namespace Reactor.Learn;

/// <summary>A kind of file that an author writes for an exercise.</summary>
internal enum VariantKind
{
    Stub,
    Solution,
    Wrong,
}

/// <summary>How one file of an exercise was judged. Immutable.</summary>
/// <param name="File">Its name in the folder of the exercise.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Number">Of its misconception; null for stub and solution.</param>
/// <param name="Judgement">What it did.</param>
/// <param name="Time">Of compiling and running.</param>
internal sealed record VariantResult(
    string File, VariantKind Kind, string? Number, Judgement Judgement, TimeSpan Time)
{
    /// <summary>What is not as it must be; null if all is well.</summary>
    public string? Complaint => Judgement switch
    {
        { Errors: [var error, ..] } => error.ToString(),
        { Result.Broken: { } broken } => broken,
        _ => Kind switch
        {
            VariantKind.Stub => Judgement.IsRight ? "passes, and must fail" : null,
            VariantKind.Solution => Judgement.IsRight ? null : $"fails: {FirstFailure()}",
            _ => WrongComplaint(),
        },
    };

    private string? WrongComplaint()
    {
        if (Judgement.IsRight)
        {
            return "passes, and must fail";
        }

        string found = string.Join(", ", Judgement.Numbers);
        return found == Number
            ? null
            : found.Length > 0 ? $"is named {found}" : $"is not named: {FirstUnexplained()}";
    }

    private string FirstFailure() => Describe(
        Judgement.Result!.Scenarios.First(one => !one.IsRight), one => one.Facts.Right);

    private string FirstUnexplained()
    {
        ScenarioResult? unexplained = Judgement.Result!.Scenarios.FirstOrDefault(
            one => !Expected(one).SequenceEqual(one.Facts.Right) && one.Failures.Count == 0
                || one.Failures.Any(failure => !failure.Lines.SequenceEqual(Expected(one))));
        return unexplained is null ? "not all was run" : Describe(unexplained, Expected);
    }

    private string[] Expected(ScenarioResult scenario) =>
        scenario.Facts.Wrong.GetValueOrDefault(Number!) ?? scenario.Facts.Right;

    // In an unexplained scenario, the outcome that is not the expected one.
    private static string Describe(
        ScenarioResult scenario, Func<ScenarioResult, string[]> expected)
    {
        string[] lines = expected(scenario);
        RunOutcome? outcome = scenario.Failures
            .FirstOrDefault(failure => !failure.Lines.SequenceEqual(lines));
        string seed = outcome?.Seed is { } value ? $" (seed {value})" : "";
        return $"\"{scenario.Facts.Title}\"{seed} expects [{string.Join(" | ", lines)}], "
            + (outcome is null
                ? scenario.Runs == 0 ? "was not run" : "is right"
                : $"got [{string.Join(" | ", outcome.Lines)}] {outcome.Detail}".TrimEnd());
    }
}

/// <summary>
/// Judges every file of an exercise, for its author: the stub must fail, the solution must pass,
/// each wrong answer must be named by its own number and no other. Any thread.
/// </summary>
internal static class ExerciseJudge
{
    /// <summary>Fewer wrong answers are a complaint.</summary>
    public const int WrongAnswersMin = 3;

    /// <summary>The files of an exercise in the order of the table.</summary>
    public static IReadOnlyList<(string Path, VariantKind Kind)> Files(Lesson lesson) =>
    [
        (lesson.Stub, VariantKind.Stub),
        (lesson.Solution, VariantKind.Solution),
        .. lesson.WrongAnswers.Select(path => (path, VariantKind.Wrong)),
    ];

    /// <summary>Judges one file.</summary>
    /// <exception cref="LearnException">It cannot be read.</exception>
    public static VariantResult Run(
        Lesson lesson, Judge judge, string path, VariantKind kind, RunLimits limits)
    {
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        Source source = Judge.ReadSource(lesson, path);
        string? number = kind == VariantKind.Wrong
            ? Exercise.ReadMisconception(lesson, path).Number : null;
        Judgement judgement = judge.Run(source, limits);
        return new VariantResult(
            Path.GetRelativePath(lesson.Exercise, path).Replace('\\', '/'), kind, number, judgement,
            System.Diagnostics.Stopwatch.GetElapsedTime(start));
    }

    /// <summary>What is wrong with the files of an exercise apart from what answers do.</summary>
    public static IEnumerable<string> Complaints(Lesson lesson)
    {
        IReadOnlyList<string> wrong = lesson.WrongAnswers;
        if (wrong.Count < WrongAnswersMin)
        {
            yield return $"{wrong.Count} wrong answers, at least {WrongAnswersMin} are needed";
        }

        for (int i = 0; i < wrong.Count; i++)
        {
            string number = Exercise.ReadMisconception(lesson, wrong[i]).Number;
            string expected = $"{lesson.Number}.{Path.GetFileName(wrong[i]).Split('_')[0]}";
            if (number != expected)
            {
                yield return $"{lesson.FromRoot(wrong[i])} is number {number}, not {expected}";
            }
        }

        foreach (Language language in Enum.GetValues<Language>())
        {
            string path = lesson.Hints(language);
            if (Hints.Read(path) is not { Count: Hints.Count })
            {
                yield return $"{lesson.FromRoot(path)} has not the hints ## 1, ## 2 and ## 3";
            }
        }
    }

    /// <summary>Numbers in the scenarios that no wrong answer has.</summary>
    public static IEnumerable<string> UnknownNumbers(
        Lesson lesson, IReadOnlyList<VariantResult> results)
    {
        HashSet<string?> known = [.. results.Select(one => one.Number)];
        return results.SelectMany(one => one.Judgement.Result?.Scenarios ?? [])
            .SelectMany(one => one.Facts.Wrong.Keys).Distinct().Where(key => !known.Contains(key))
            .Select(key => $"Scenarios.cs of {lesson.Name} names {key}, which has no wrong answer");
    }
}
