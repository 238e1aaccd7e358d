using System.CommandLine;

namespace Reactor.Learn;

/// <summary><c>learn picture</c>: draws the run of one lesson into a file.</summary>
internal static class PictureVerb
{
    public static Command Create(LearnContext context)
    {
        Argument<string> lesson = LessonArgument.Create();
        var output = new Option<string?>("--output", "-o")
        {
            Description = "The file to write. Default: NN-name.svg in this folder.",
            HelpName = "FILE",
        };
        var command = new Command(
            "picture", "Runs a lesson as it is now, and draws what happens.")
        {
            lesson, output,
        };
        command.SetAction(parsed => Draw(
            context, parsed.GetValue(lesson)!, parsed.GetValue(output)));
        return command;
    }

    private static int Draw(LearnContext context, string word, string? output)
    {
        Lesson lesson = LessonArgument.Find(context, word);
        string path = output ?? lesson.PageName + ".svg";
        byte[] picture = LessonPicture.Make(lesson, isAsExpected: false);
        try
        {
            File.WriteAllBytes(path, picture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LearnException(
                ExitCode.Broken, context.Get(Texts.CannotSave, path, error.Message));
        }

        context.Say(Texts.Written, path);
        return ExitCode.Ok;
    }
}
