using System.Diagnostics;
using Reactor.Recording;

namespace Reactor.Learn;

/// <summary>
/// Runs the program of a lesson in a child process with a time limit, and keeps its lines and the
/// recordings of its loops. One thread.
/// </summary>
internal sealed class LessonRun : IDisposable
{
    /// <summary>The verb of the child.</summary>
    public const string Verb = "run-lesson";

    /// <summary>A lesson ends within 5 s; a busy machine may be slow.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("learn-");

    private LessonRun()
    {
    }

    /// <summary>The lines that the program printed.</summary>
    public IReadOnlyList<string> Lines { get; private set; } = [];

    /// <summary>Compiles and runs a lesson.</summary>
    /// <param name="lesson">The lesson.</param>
    /// <param name="isRecorded">Whether its loops are recorded on the virtual clock.</param>
    /// <exception cref="LearnException">
    /// It does not compile, fails, or does not end.
    /// </exception>
    public static LessonRun Of(Lesson lesson, bool isRecorded)
    {
        var run = new LessonRun();
        try
        {
            string assembly = Path.Combine(run._folder.FullName, lesson.Name + ".dll");
            LessonProgram.Compile(lesson, assembly);
            run.Start(lesson, assembly, isRecorded);
            return run;
        }
        catch (Exception)
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>The recordings, one for each loop of the program.</summary>
    public IReadOnlyList<string> Recordings =>
        [.. Directory.EnumerateFiles(_folder.FullName, "*.reactor").Order(StringComparer.Ordinal)];

    /// <summary>The trace of the loop with most events.</summary>
    /// <exception cref="LearnException">No loop was recorded.</exception>
    public LoopTrace ReadTrace()
    {
        LoopTrace? fullest = null;
        foreach (string path in Recordings)
        {
            using var file = RecordingFile.Open(path);
            LoopTrace? trace = file.Header.HasEvents ? file.ReadTrace() : null;
            fullest = trace?.Count > (fullest?.Count ?? 0) ? trace : fullest;
        }

        return fullest ?? throw new LearnException(
            ExitCode.Broken, "The program has run no loop that could be recorded.");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Start(Lesson lesson, string assembly, bool isRecorded)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
        };
        string self = typeof(LessonRun).Assembly.Location;
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) != "learn")
        {
            start.FileName = "dotnet"; // a test host: its own program is another one
            start.ArgumentList.Add("exec");
            start.ArgumentList.Add(self);
        }

        start.ArgumentList.Add(Verb);
        start.ArgumentList.Add(assembly);
        if (isRecorded)
        {
            start.ArgumentList.Add("--record");
            start.ArgumentList.Add(_folder.FullName);
        }

        using Process child = Process.Start(start)!;
        Task<string> output = child.StandardOutput.ReadToEndAsync();
        Task<string> error = child.StandardError.ReadToEndAsync();
        if (!child.WaitForExit(s_limit))
        {
            child.Kill(entireProcessTree: true);
            throw Failed(lesson, $"has not ended within {s_limit.TotalSeconds:0} s.");
        }

        child.WaitForExit(); // the rest of its output
        if (child.ExitCode != 0)
        {
            throw Failed(lesson, $"has failed: {error.Result.Trim()}");
        }

        string text = output.Result.ReplaceLineEndings("\n").TrimEnd('\n');
        Lines = text.Length == 0 ? [] : text.Split('\n');
    }

    private static LearnException Failed(Lesson lesson, string what) =>
        new(ExitCode.Broken, $"{lesson.FromRoot(lesson.Program)} {what}");
}
