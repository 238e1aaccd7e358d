using Reactor.Inspector;

namespace Reactor.Learn;

/// <summary>
/// Makes the picture of a lesson: from the printed lines, or for a lesson on one loop of the
/// library from the recorded run. Each run gives the same bytes. Any thread.
/// </summary>
internal static class LessonPicture
{
    /// <summary>The first lesson whose program uses the library.</summary>
    public const string FirstRecorded = "18";

    /// <summary>True if the picture comes from a recorded run.</summary>
    public static bool IsRecorded(Lesson lesson) =>
        string.CompareOrdinal(lesson.Number, FirstRecorded) >= 0;

    /// <summary>Runs the lesson, and draws it.</summary>
    /// <param name="lesson">The lesson.</param>
    /// <param name="isAsExpected">
    /// Whether the output must be the one of its head; a learner may have changed the program.
    /// </param>
    /// <exception cref="LearnException">
    /// It does not run, prints something else than its head says, or has no room in a picture.
    /// </exception>
    public static byte[] Make(Lesson lesson, bool isAsExpected = true)
    {
        LessonFile file = lesson.Read();
        bool isRecorded = IsRecorded(lesson);
        using LessonRun run = LessonRun.Of(lesson, isRecorded);
        if (isAsExpected && !run.Lines.SequenceEqual(file.ExpectedOutput))
        {
            int same = run.Lines.Zip(file.ExpectedOutput)
                .TakeWhile(pair => pair.First == pair.Second).Count();
            throw new LearnException(
                ExitCode.Broken,
                $"{file.Path}: line {same + 1} of the output is "
                    + $"'{run.Lines.ElementAtOrDefault(same)}', and its head says "
                    + $"'{file.ExpectedOutput.ElementAtOrDefault(same)}'.");
        }

        using var picture = new MemoryStream();
        try
        {
            // Several loops take turns as the kernel schedules their threads, each with a clock of
            // its own: only the printed lines are the same in each run.
            if (run.Recordings.Count == 1)
            {
                TracePicture.Write(
                    run.ReadTrace(), Enum.Parse<PictureKind>(file.Picture, ignoreCase: true),
                    new PictureOptions(), picture);
            }
            else
            {
                PrintedPicture.Write(
                    $"Lesson {file.Number}: {file.Title}", run.Lines, picture);
            }
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new LearnException(ExitCode.Broken, $"{file.Path}: {error.Message}");
        }

        return picture.ToArray();
    }
}
