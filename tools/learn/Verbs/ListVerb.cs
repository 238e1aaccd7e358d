using System.CommandLine;

namespace Reactor.Learn;

/// <summary><c>learn list</c>: shows every lesson with its title.</summary>
internal static class ListVerb
{
    public static Command Create(LearnContext context)
    {
        var command = new Command("list", "Shows the lessons and your progress.");
        command.SetAction(_ => List(context));
        return command;
    }

    private static int List(LearnContext context)
    {
        foreach (Lesson lesson in context.Lessons.All)
        {
            context.Out.WriteLine($"{lesson.Number}  {lesson.Read().Title}");
        }

        return ExitCode.Ok;
    }
}
