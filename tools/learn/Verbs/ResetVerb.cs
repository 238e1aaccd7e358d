using System.CommandLine;

namespace Reactor.Learn;

/// <summary>
/// <c>learn reset 07</c>: puts the stub in the place of the answer, which is kept beside it as
/// Exercise.cs.saved-N. Nothing is overwritten; the progress stays.
/// </summary>
internal static class ResetVerb
{
    public static Command Create(LearnContext context)
    {
        Argument<string> lesson = LessonArgument.Create();
        var command = new Command("reset", "Begins an exercise anew and keeps your answer.")
        {
            lesson,
        };
        command.SetAction(parsed => Reset(
            context, LessonArgument.Find(context, parsed.GetRequiredValue(lesson))));
        return command;
    }

    private static int Reset(LearnContext context, Lesson lesson)
    {
        LessonArgument.RequireExercise(context, lesson);
        string stub = Judge.ReadSource(lesson, lesson.Stub).Text;
        string name = lesson.FromRoot(lesson.Answer);
        try
        {
            if (!File.Exists(lesson.Answer))
            {
                File.WriteAllText(lesson.Answer, stub);
                context.Say(Texts.ResetNew, name);
                return ExitCode.Ok;
            }

            if (File.ReadAllText(lesson.Answer) == stub)
            {
                context.Say(Texts.NothingToReset, name);
                return ExitCode.Ok;
            }

            string saved = FreeName(lesson.Answer);
            File.Move(lesson.Answer, saved);
            File.WriteAllText(lesson.Answer, stub);
            context.Say(Texts.Reset, name, lesson.FromRoot(saved));
            return ExitCode.Ok;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LearnException(
                ExitCode.Broken, context.Get(Texts.CannotReset, name, error.Message));
        }
    }

    private static string FreeName(string path)
    {
        int number = 1;
        while (File.Exists($"{path}.saved-{number}"))
        {
            number++;
        }

        return $"{path}.saved-{number}";
    }
}
