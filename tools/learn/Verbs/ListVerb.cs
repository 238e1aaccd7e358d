using System.CommandLine;
using Spectre.Console;

namespace Reactor.Learn;

/// <summary>
/// <c>learn list</c>: shows every lesson with its title and the learner's progress.
/// </summary>
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
        ProgressBook book = ProgressBook.Open(context);
        var table = new Table { Border = TableBorder.Minimal };
        foreach (Text heading in (Text[])
            [Texts.LessonColumn, Texts.TitleColumn, Texts.StateColumn, Texts.ChecksColumn,
             Texts.HintsColumn])
        {
            table.AddColumn(context.Get(heading));
        }

        int exitCode = ExitCode.Ok;
        foreach (Lesson lesson in context.Lessons.All)
        {
            LessonProgress progress = book.Of(lesson);
            string title;
            try
            {
                title = lesson.TitleIn(context.Language);
            }
            catch (LearnException error)
            {
                // One broken lesson must not hide the others.
                context.Error.WriteLine($"learn: {error.Message}");
                exitCode = error.ExitCode;
                title = lesson.Name;
            }

            table.AddRow(
                lesson.Number, Markup.Escape(title), context.Get(State(progress)),
                Count(progress.Checks), Count(progress.Hints));
        }

        context.Terminal().Write(table);
        return exitCode;
    }

    private static string Count(int count) => count == 0 ? "" : $"{count}";

    private static Text State(LessonProgress progress) => progress switch
    {
        { IsSolved: true } => Texts.Solved,
        { Predicted: > 0 } => Texts.Predicted,
        _ => Texts.New,
    };
}
