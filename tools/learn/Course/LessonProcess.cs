using System.Diagnostics;
using System.Text;

namespace Reactor.Learn;

/// <summary>What a program of a lesson printed. Immutable.</summary>
/// <param name="Lines">Of standard output.</param>
/// <param name="Failure">Why it did not end as it should; null if it did.</param>
internal sealed record LessonOutput(IReadOnlyList<string> Lines, string? Failure);

/// <summary>
/// Runs a program of a lesson in a process of its own, as a learner does, for a bounded time.
/// </summary>
internal static class LessonProcess
{
    /// <summary>
    /// Building it the first time takes seconds; the program itself less than 5 s.
    /// </summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs <c>dotnet run</c> on the program.</summary>
    public static LessonOutput Run(Lesson lesson) =>
        Run(DotnetCommand(lesson.Root, "run", lesson.Program), s_limit);

    /// <summary>The command of the SDK in a folder.</summary>
    public static ProcessStartInfo DotnetCommand(
        string folder, params IReadOnlyList<string> arguments)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(host, arguments) { WorkingDirectory = folder };
        // What `dotnet run` and `dotnet test` set for this process would steer the other build.
        foreach (string name in start.Environment.Keys.ToArray())
        {
            if (name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase))
            {
                start.Environment.Remove(name);
            }
        }

        return start;
    }

    /// <summary>Runs a command to its end.</summary>
    public static LessonOutput Run(ProcessStartInfo start, TimeSpan limit)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        start.StandardOutputEncoding = Encoding.UTF8;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        var lines = new List<string>();
        var errors = new StringBuilder();
        process.OutputDataReceived += (_, data) => Add(data.Data, lines.Add);
        process.ErrorDataReceived += (_, data) => Add(data.Data, line => errors.AppendLine(line));
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return new LessonOutput(lines, $"no end within {limit.TotalSeconds} s");
        }

        process.WaitForExit();
        return new LessonOutput(
            lines,
            process.ExitCode == 0 ? null : $"exit code {process.ExitCode}. {errors}".Trim());
    }

    private static void Add(string? line, Action<string> add)
    {
        if (line is not null)
        {
            add(line);
        }
    }
}
