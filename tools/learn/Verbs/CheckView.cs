namespace Reactor.Learn;

/// <summary>
/// Shows a judgement to the learner: the first different scenarios in full, the misconception, and
/// where to read. It uses the table of a terminal only if there is a difference to show.
/// </summary>
/// <param name="context">Where it is shown.</param>
/// <param name="lesson">The lesson of the exercise.</param>
/// <param name="answer">The name of the file that was judged.</param>
internal sealed class CheckView(LearnContext context, Lesson lesson, string answer)
{
    private const int ErrorsMax = 10;

    private const int DifferencesMax = 2;

    private readonly IReadOnlyDictionary<string, string> _titles =
        context.Language == Language.Chinese ? ScenarioTitles.Read(lesson.ChineseTitles)
            : new Dictionary<string, string>();

    public void Show(Judgement judgement, RunLimits limits)
    {
        if (judgement.Result is not { } result)
        {
            ShowErrors(judgement.Errors);
            return;
        }

        if (result.Broken is { } reason)
        {
            context.Say(Texts.BrokenScenarios, lesson.Number, reason);
            return;
        }

        if (result.IsRight)
        {
            string schedules = result.Scenarios.Any(one => one.Facts.Schedules)
                ? context.Get(Texts.WithSchedules, limits.Schedules) : "";
            context.Say(Texts.AllRight, lesson.Number, result.Scenarios.Count, schedules);
        }
        else
        {
            int right = result.Scenarios.Count(one => one.IsRight);
            context.Say(Texts.SomeRight, lesson.Number, right, result.Scenarios.Count);
            ShowDifferences([.. result.Scenarios.Where(one => !one.IsRight)]);
            ShowMisconception(judgement.Numbers);
        }

        ShowPrinted(result);
    }

    // Errors of the scenarios are shown only if the answer itself has none: they follow from those.
    private void ShowErrors(IReadOnlyList<CompileError> all)
    {
        CompileError[] own = [.. all.Where(error => error.Path == answer)];
        if (own.Length > 0)
        {
            context.Say(own.Length == 1 ? Texts.CompileError : Texts.CompileErrors, own.Length);
            ShowErrorLines(own);
            return;
        }

        IReadOnlyList<string> missing = MissingParts.Of(all);
        if (missing.Count > 0)
        {
            context.Say(Texts.MissingParts, answer, string.Join(", ", missing));
        }
        else
        {
            context.Say(Texts.ChangedParts, answer);
            ShowErrorLines([.. all.DistinctBy(error => error.Message)]);
            context.Out.WriteLine();
        }

        context.Say(Texts.ResetAnswer, lesson.Number);
    }

    private void ShowErrorLines(CompileError[] errors)
    {
        foreach (CompileError error in errors.Take(ErrorsMax))
        {
            context.Out.WriteLine();
            context.Out.WriteLine(error);
            context.Out.WriteLine($"    {error.SourceLine.Replace('\t', ' ')}");
            context.Out.WriteLine($"    {new string(' ', error.Column - 1)}^");
        }

        if (errors.Length > ErrorsMax)
        {
            context.Say(Texts.MoreErrors, errors.Length - ErrorsMax);
        }
    }

    private void ShowDifferences(IReadOnlyList<ScenarioResult> different)
    {
        foreach (ScenarioResult scenario in different.Take(DifferencesMax))
        {
            context.Out.WriteLine();
            ShowTitle(scenario);
            if (scenario.Failures is [var failure, ..])
            {
                new DifferenceView(context).Show(scenario.Facts.Right, failure.Lines);
                if (failure.Detail is { } detail)
                {
                    context.Out.WriteLine($"  {detail}");
                }

                if (failure.Seed is { } seed)
                {
                    context.Say(
                        Texts.Repeat, scenario.Failures.Count, scenario.Runs, lesson.Number, seed);
                }
            }
            else
            {
                context.Say(Texts.NotRun);
            }
        }

        if (different.Count > DifferencesMax)
        {
            context.Out.WriteLine();
            context.Say(Texts.MoreScenarios);
            foreach (ScenarioResult scenario in different.Skip(DifferencesMax))
            {
                ShowTitle(scenario);
            }
        }
    }

    private void ShowTitle(ScenarioResult scenario) => context.Out.WriteLine(
        $"✗ {_titles.GetValueOrDefault(scenario.Facts.Title, scenario.Facts.Title)}");

    private void ShowMisconception(IReadOnlyList<string> numbers)
    {
        context.Out.WriteLine();
        Misconception? found = numbers.Count == 0 ? null : Exercise.Misconceptions(lesson)
            .FirstOrDefault(one => one.Number == numbers[0]);
        if (found is null)
        {
            context.Say(Texts.NoMisconception);
        }
        else
        {
            context.Say(Texts.Misconception, found.Number, context.Get(found.Sentence));
            context.Out.WriteLine(context.Get(found.Reason));
        }

        string heading = context.Language == Language.Chinese ? "练习" : "exercise";
        context.Say(
            Texts.ReadPage, $"{lesson.FromRoot(lesson.Page(context.Language))}#{heading}",
            lesson.Number);
        context.Say(Texts.ReadHint, lesson.Number);
    }

    private void ShowPrinted(AnswerResult result)
    {
        if (result.Printed.Trim() is { Length: > 0 } text)
        {
            context.Out.WriteLine();
            context.Say(Texts.Printed);
            foreach (string line in text.Split('\n').Take(20))
            {
                context.Out.WriteLine($"  {line.TrimEnd()}");
            }
        }

        if (result.HasThreadLeft)
        {
            context.Out.WriteLine();
            context.Say(Texts.ThreadLeft);
        }
    }
}
