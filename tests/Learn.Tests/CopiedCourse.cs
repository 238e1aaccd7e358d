using Reactor.Learn;

namespace Learn.Tests;

/// <summary>
/// A copy of the course in the folder Planted, which a test may change: two lessons, each with an
/// exercise. Deleted at the end of the test.
/// </summary>
internal sealed class CopiedCourse : IDisposable
{
    public CopiedCourse()
    {
        Root = Directory.CreateTempSubdirectory("learn-").FullName;
        string planted = Path.Combine(AppContext.BaseDirectory, "Planted");
        foreach (string file in Directory.EnumerateFiles(
            planted, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(Root, Path.GetRelativePath(planted, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        Lessons = new Lessons(Root);
    }

    public string Root { get; }

    public Lessons Lessons { get; }

    /// <summary>The lesson about a queue; its answer is the stub.</summary>
    public Lesson Queue => Lessons.Find("01")!;

    /// <summary>The lesson about the splits of a line, which has schedules.</summary>
    public Lesson Split => Lessons.Find("02")!;

    public string ProgressFile => Path.Combine(Root, "lessons", "progress.txt");

    /// <summary>Runs a command line with this course.</summary>
    public Said Run(string commandLine, string? input = null, int width = 100) =>
        Said.Run(Lessons, commandLine, input, width);

    /// <summary>The same with an input that is a pipe.</summary>
    public Said RunPiped(string commandLine, string input) =>
        Said.Run(Lessons, commandLine, input, isPiped: true);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

/// <summary>What a run of the program said.</summary>
internal sealed record Said(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs a command line; with an input it is interactive, or has a pipe.</summary>
    public static Said Run(
        Lessons lessons, string commandLine, string? input = null, int width = 100,
        bool isPiped = false)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        int exitCode = LearnProgram.Run(
            commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            new LearnContext
            {
                Lessons = lessons,
                Out = output,
                Error = errors,
                In = new StringReader(input ?? ""),
                IsInteractive = input is not null && !isPiped,
                IsPiped = isPiped,
                Width = width,
            });
        return new Said(exitCode, output.ToString(), errors.ToString());
    }
}
