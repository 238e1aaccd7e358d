using System.Collections.Concurrent;
using System.Diagnostics;

namespace Reactor.Tests;

/// <summary>
/// <c>Reactor.SignalProgram</c> in a process of its own: its lines, its signals, its end. Killed
/// with the test, whatever happens.
/// </summary>
internal sealed class SignalProcess : IDisposable
{
    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private readonly ConcurrentQueue<string> _errors = new();

    /// <param name="program">Which of its programs.</param>
    /// <param name="settings">Variables for its environment, as <c>NAME=value</c>.</param>
    public SignalProcess(string program, params string[] settings)
    {
        // A test that runs in the background ignores SIGINT, and so would all that it starts.
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(
                "env", ["--default-signal=INT,TERM,USR1", .. settings, BinaryPath, program])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, e) => AddLine(e.Data);
        _process.ErrorDataReceived += (_, e) => _errors.Enqueue(e.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

    public string Errors => string.Join('\n', _errors).Trim();

    // The program that was built with these tests, in the same configuration.
    private static string BinaryPath
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory);
            string path = Path.Combine(
                own.Parent!.Parent!.FullName, "Reactor.SignalProgram", own.Name,
                "Reactor.SignalProgram");
            Assert.That(File.Exists(path), $"{path} is not built");
            return path;
        }
    }

    /// <summary>The next line that it prints.</summary>
    public string ReadLine() => _lines.TryTake(out string? line, s_hung)
        ? line
        : throw new TimeoutException($"It says nothing more. {Errors}");

    /// <summary>The lines that it prints from now to its end.</summary>
    public string[] ReadRest()
    {
        WaitForExit();
        return [.. _lines.GetConsumingEnumerable()];
    }

    /// <summary>Sends a signal by its name or number.</summary>
    public void Signal(string name)
    {
        // The shell's own `kill`: a program of that name is not on every machine.
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {_process.Id}"]);
        kill.WaitForExit();
    }

    public int WaitForExit()
    {
        Assert.That(_process.WaitForExit(s_hung), "the program does not end");
        _process.WaitForExit(); // and its output was read
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _lines.Dispose();
    }

    private void AddLine(string? line)
    {
        if (line is null)
        {
            _lines.CompleteAdding();
        }
        else
        {
            _lines.Add(line);
        }
    }
}
