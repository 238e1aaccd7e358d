using System.CommandLine;

namespace Reactor.Learn;

/// <summary>The argument of a verb that names a lesson: 7, 07 or 07_timers.</summary>
internal static class LessonArgument
{
    public static Argument<string> Create() => new("lesson")
    {
        Description = "The lesson: its number, such as 07.",
    };

    /// <summary>Not required; without it the verb is about all lessons.</summary>
    public static Argument<string?> CreateOptional() => new("lesson")
    {
        Description = "The lesson: its number, such as 07. Default: all lessons.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>The lesson that a word names.</summary>
    /// <exception cref="LearnException">There is no such lesson.</exception>
    public static Lesson Find(LearnContext context, string word) => context.Lessons.Find(word)
        ?? throw new LearnException(ExitCode.Usage, context.Get(Texts.NoLesson, word));

    /// <summary>Ends the verb if the lesson has no exercise.</summary>
    /// <exception cref="LearnException">It has none.</exception>
    public static void RequireExercise(LearnContext context, Lesson lesson)
    {
        if (!lesson.HasExercise)
        {
            throw new LearnException(
                ExitCode.Usage, context.Get(Texts.NoExercise, lesson.Number));
        }
    }
}
