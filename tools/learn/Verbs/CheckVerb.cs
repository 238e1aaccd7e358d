using System.CommandLine;
using System.Globalization;

namespace Reactor.Learn;

/// <summary>
/// <c>learn check 07</c>: compiles and judges the learner's answer, and says what is right, what is
/// different, and which misconception explains it.
/// </summary>
internal static class CheckVerb
{
    public static Command Create(LearnContext context)
    {
        Argument<string> lesson = LessonArgument.Create();
        var schedules = new Option<int>("--schedules")
        {
            Description = "How many schedules to try where order matters.",
            DefaultValueFactory = _ => RunLimits.DefaultSchedules,
        };
        schedules.Validators.Add(result =>
        {
            // A value that is no number has its own error.
            if (result.Tokens is [var token] && int.TryParse(
                token.Value, CultureInfo.InvariantCulture, out int value)
                && value is not (>= 1 and <= 100_000))
            {
                result.AddError("--schedules is from 1 to 100000.");
            }
        });
        var seed = new Option<int>("--seed")
        {
            Description = "The seed of the first schedule; each next one is greater by 1.",
            DefaultValueFactory = _ => 1,
        };
        var answer = new Option<string?>("--answer")
        {
            Description = "Another file than Exercise.cs. The progress is not changed then.",
        };
        var command = new Command("check", "Runs your answer to an exercise and judges it.")
        {
            lesson, schedules, seed, answer,
        };
        command.SetAction(parsed => Check(
            context,
            LessonArgument.Find(context, parsed.GetRequiredValue(lesson)),
            parsed.GetValue(answer),
            new RunLimits
            {
                Schedules = parsed.GetValue(schedules),
                Seed = parsed.GetValue(seed),
                Answer = parsed.GetValue(schedules) <= RunLimits.DefaultSchedules
                    ? new RunLimits().Answer : TimeSpan.FromMinutes(2),
            }));
        return command;
    }

    private static int Check(LearnContext context, Lesson lesson, string? file, RunLimits limits)
    {
        LessonArgument.RequireExercise(context, lesson);
        // The runtime of the child starts while this process compiles.
        JudgeChild child = JudgeChild.Start();
        string path = file is null ? lesson.Answer : Path.GetFullPath(file);
        Judgement judgement;
        try
        {
            judgement = new Judge(lesson).Run(Judge.ReadSource(lesson, path), limits, child);
        }
        finally
        {
            child.Dispose();
        }

        if (file is null)
        {
            ProgressBook.Open(context).Change(lesson, progress => progress with
            {
                Checks = progress.Checks + 1,
                IsSolved = progress.IsSolved || judgement.IsRight,
            });
        }

        new CheckView(context, lesson, Path.GetFileName(path)).Show(judgement, limits);
        return judgement.Result is { Broken: not null }
            ? ExitCode.Broken : judgement.IsRight ? ExitCode.Ok : ExitCode.Wrong;
    }
}
