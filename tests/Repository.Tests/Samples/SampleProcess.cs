// A child process with a bound on its life: started, read, interrupted, and killed with all its
// children when it outlives its time. What it prints is collected from both streams as it comes, so
// that a full pipe never stops it and a failure can show everything.

using System.Diagnostics;
using System.Text;

namespace Repository.Tests.Samples;

public sealed class SampleProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private SampleProcess(Process process) => _process = process;

    public string Output => Text(_output);

    public string Errors => Text(_errors);

    public bool HasExited => _process.HasExited;

    public static SampleProcess Start(string file, params string[] arguments)
    {
        ProcessStartInfo start = new(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = RepositoryFiles.Root,
            StandardOutputEncoding = Encoding.UTF8,
        };
        // What `dotnet test` sets for its own build would steer the build of the sample.
        foreach (string name in start.Environment.Keys.ToArray())
        {
            if (name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase))
            {
                start.Environment.Remove(name);
            }
        }
        SampleProcess sample = new(new Process { StartInfo = start });
        sample._process.OutputDataReceived += (_, line) => Append(sample._output, line.Data);
        sample._process.ErrorDataReceived += (_, line) => Append(sample._errors, line.Data);
        sample._process.Start();
        sample._process.StandardInput.Close();
        sample._process.BeginOutputReadLine();
        sample._process.BeginErrorReadLine();
        return sample;
    }

    /// <summary>The exit code.</summary>
    /// <exception cref="TimeoutException">It ran longer than <paramref name="limit"/>.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        using CancellationTokenSource timeout = new(limit);
        try
        {
            // Also waits until both streams are at their end.
            await _process.WaitForExitAsync(timeout.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException(
                $"not finished after {limit.TotalSeconds} s\n{Output}{Errors}");
        }
    }

    /// <summary>What Ctrl+C sends.</summary>
    public async Task InterruptAsync()
    {
        // The shell's own `kill`: a program of that name is not on every machine.
        using Process kill = Process.Start("/bin/sh", ["-c", $"kill -INT {_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
