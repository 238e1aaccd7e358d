using System.CommandLine;

namespace Reactor.Learn;

/// <summary><c>learn pictures</c>: draws the runs of the lessons, or checks the pictures.</summary>
internal static class PicturesVerb
{
    public static Command Create(LearnContext context)
    {
        Argument<string?> lesson = LessonArgument.CreateOptional();
        var check = new Option<bool>("--check")
        {
            Description = "Writes nothing, and names the pictures that are stale.",
        };
        var command = new Command(
            "pictures", "Runs the lessons, and writes the pictures of their pages.")
        {
            lesson, check,
        };
        command.SetAction(parsed => Write(
            context, parsed.GetValue(lesson), parsed.GetValue(check)));
        return command;
    }

    private static int Write(LearnContext context, string? word, bool isCheck)
    {
        IReadOnlyList<Lesson> lessons = word is null
            ? [.. context.Lessons.All.Where(lesson => File.Exists(lesson.Program))]
            : [LessonArgument.Find(context, word)];
        int exitCode = ExitCode.Ok;
        foreach (Lesson lesson in lessons)
        {
            byte[] picture;
            try
            {
                picture = LessonPicture.Make(lesson);
            }
            catch (LearnException broken) when (lessons.Count > 1)
            {
                context.Error.WriteLine($"learn: {broken.Message}");
                exitCode = ExitCode.Wrong;
                continue;
            }

            string path = lesson.FromRoot(lesson.Picture);
            if (File.Exists(lesson.Picture)
                && File.ReadAllBytes(lesson.Picture).AsSpan().SequenceEqual(picture))
            {
                continue;
            }

            if (isCheck)
            {
                context.Say(Texts.StalePicture, path, lesson.Number);
                exitCode = ExitCode.Wrong;
            }
            else
            {
                Directory.CreateDirectory(Path.GetDirectoryName(lesson.Picture)!);
                File.WriteAllBytes(lesson.Picture, picture);
                context.Say(Texts.Written, path);
            }
        }

        return exitCode;
    }
}
