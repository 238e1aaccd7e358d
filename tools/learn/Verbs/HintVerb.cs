using System.CommandLine;

namespace Reactor.Learn;

/// <summary>
/// <c>learn hint 07</c>: the next hint of three, each of which says more; after the third, the
/// third.
/// </summary>
internal static class HintVerb
{
    public static Command Create(LearnContext context)
    {
        Argument<string> lesson = LessonArgument.Create();
        var command = new Command("hint", "Shows the next of three hints to an exercise.")
        {
            lesson,
        };
        command.SetAction(parsed => Hint(
            context, LessonArgument.Find(context, parsed.GetRequiredValue(lesson))));
        return command;
    }

    private static int Hint(LearnContext context, Lesson lesson)
    {
        LessonArgument.RequireExercise(context, lesson);
        string path = lesson.Hints(context.Language);
        if (Hints.Read(path) is not { Count: Hints.Count } hints)
        {
            throw new LearnException(
                ExitCode.Broken, context.Get(Texts.NoHints, lesson.FromRoot(path)));
        }

        ProgressBook book = ProgressBook.Open(context);
        int number = Math.Min(book.Of(lesson).Hints + 1, Hints.Count);
        context.Say(Texts.HintOf, number, Hints.Count);
        context.Out.WriteLine(hints[number - 1]);
        book.Change(lesson, progress => progress with { Hints = number });
        return ExitCode.Ok;
    }
}
