using System.CommandLine;

namespace Reactor.Learn;

/// <summary>
/// <c>learn solution 07</c>: shows the solution of an exercise; before the exercise is solved, only
/// after a confirmation.
/// </summary>
internal static class SolutionVerb
{
    public static Command Create(LearnContext context)
    {
        Argument<string> lesson = LessonArgument.Create();
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        var command = new Command("solution", "Shows the solution of an exercise.")
        {
            lesson, yes,
        };
        command.SetAction(parsed => Show(
            context,
            LessonArgument.Find(context, parsed.GetRequiredValue(lesson)),
            parsed.GetValue(yes)));
        return command;
    }

    private static int Show(LearnContext context, Lesson lesson, bool isConfirmed)
    {
        LessonArgument.RequireExercise(context, lesson);
        ProgressBook book = ProgressBook.Open(context);
        if (!book.Of(lesson).IsSolved && !isConfirmed)
        {
            string? answer = context.Ask(Texts.BeforeSolution, lesson.Number);
            if (answer is null && !context.IsInteractive)
            {
                throw new LearnException(
                    ExitCode.Usage, context.Get(Texts.NeedsYes, lesson.Number));
            }

            if (answer?.Trim().ToUpperInvariant() is not ("Y" or "YES" or "是"))
            {
                return ExitCode.Ok;
            }
        }

        context.Out.WriteLine(Judge.ReadSource(lesson, lesson.Solution).Text.TrimEnd());
        book.Change(lesson, progress => progress with { HasSeenSolution = true });
        return ExitCode.Ok;
    }
}
