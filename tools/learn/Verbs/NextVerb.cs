using System.CommandLine;

namespace Reactor.Learn;

/// <summary>
/// <c>learn next</c>: the first lesson that is not solved, and its steps in their order. A lesson
/// without an exercise counts as solved when its output has been predicted.
/// </summary>
internal static class NextVerb
{
    public static Command Create(LearnContext context)
    {
        var command = new Command("next", "Shows the next lesson: what to read, run and write.");
        command.SetAction(_ => Next(context));
        return command;
    }

    private static int Next(LearnContext context)
    {
        ProgressBook book = ProgressBook.Open(context);
        if (context.Lessons.All.FirstOrDefault(lesson => !IsDone(lesson, book.Of(lesson)))
            is not { } next)
        {
            context.Say(Texts.AllSolved);
            return ExitCode.Ok;
        }

        context.Say(Texts.NextLesson, next.Number, next.TitleIn(context.Language));
        context.Say(Texts.NextPredict, next.Number);
        context.Say(Texts.NextRead, next.FromRoot(next.Page(context.Language)));
        context.Say(Texts.NextRun, next.FromRoot(next.Program));
        if (next.HasExercise)
        {
            context.Say(Texts.NextEdit, next.FromRoot(next.Answer));
            context.Say(Texts.NextCheck, next.Number);
        }

        context.Say(Texts.NextCommand);
        return ExitCode.Ok;
    }

    private static bool IsDone(Lesson lesson, LessonProgress progress) =>
        progress.IsSolved || (!lesson.HasExercise && progress.Predicted > 0);
}
