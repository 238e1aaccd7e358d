using System.Diagnostics;
using Reactor.Learn;
using Reactor.Testing;

namespace Learn.Tests.Programs;

/// <summary>
/// A program of a lesson, compiled once into a folder of its own with the assemblies that it uses,
/// so that it can be run many times without a build. Deleted at the end of the test.
/// </summary>
internal sealed class LessonBuild : IDisposable
{
    private const string Settings = """
        {
          "runtimeOptions": {
            "tfm": "net10.0",
            "framework": { "name": "Microsoft.NETCore.App", "version": "10.0.0" },
            "configProperties": { "System.Globalization.Invariant": true }
          }
        }
        """;

    private static readonly string[] s_libraries =
        ["Reactor.dll", "Reactor.Http.dll", "Microsoft.Extensions.Logging.Abstractions.dll",
         "Microsoft.Extensions.DependencyInjection.Abstractions.dll"];

    private readonly string _folder = Directory.CreateTempSubdirectory("lesson-").FullName;

    public LessonBuild(Lesson lesson)
    {
        CompileOutcome outcome = SourceCompiler.CompileProgram(
            "program", new Source(lesson.Name + ".cs", File.ReadAllText(lesson.Program)));
        Assert.That(outcome.Errors, Is.Empty);
        File.WriteAllBytes(Path.Combine(_folder, "program.dll"), outcome.Code!.Assembly);
        File.WriteAllText(Path.Combine(_folder, "program.runtimeconfig.json"), Settings);
        foreach (string library in s_libraries)
        {
            File.Copy(
                Path.Combine(AppContext.BaseDirectory, library), Path.Combine(_folder, library));
        }
    }

    /// <summary>Runs it to its end, with the time it took.</summary>
    public (LessonOutput Output, TimeSpan Time) Run(TimeSpan limit)
    {
        ProcessStartInfo start = LessonProcess.DotnetCommand(
            RepositoryFolder.Path, "exec", Path.Combine(_folder, "program.dll"));
        long began = Stopwatch.GetTimestamp();
        LessonOutput output = LessonProcess.Run(start, limit);
        return (output, Stopwatch.GetElapsedTime(began));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
