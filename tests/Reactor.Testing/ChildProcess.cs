using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Reactor.Testing;

/// <summary>What a program said, and how it ended.</summary>
public sealed record ChildOutcome(int ExitCode, string Output, string Errors);

/// <summary>
/// A program in a process of its own: its lines as they come, its signals, its end. Every wait has
/// a bound, and the process is killed with all its children when the test ends. Any thread.
/// </summary>
/// <remarks>
/// Not CliWrap, which runs commands to their end: it has no signal but its two cancellations, no
/// wait for the next line, and a process that outlives its caller's await cannot be asked for its
/// memory. With those written here, running to the end takes one line.
/// </remarks>
public sealed class ChildProcess : IDisposable
{
    /// <summary>The longest wait where the test names no other.</summary>
    public static readonly TimeSpan Hung = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ChildText _output;
    private readonly ChildText _errors;

    private ChildProcess(ProcessStartInfo start, string input)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.StandardOutputEncoding = Encoding.UTF8;
        if (OperatingSystem.IsLinux())
        {
            // A test that runs in the background ignores SIGINT, and so would all that it starts.
            start.ArgumentList.Insert(0, start.FileName);
            start.ArgumentList.Insert(0, "--default-signal=HUP,INT,TERM,USR1");
            start.FileName = "env";
        }

        _process = Process.Start(start)!;
        _output = new ChildText(_process.StandardOutput);
        _errors = new ChildText(_process.StandardError);
        _process.StandardInput.Write(input);
        _process.StandardInput.Close();
    }

    /// <summary>The number of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it has written to standard output so far.</summary>
    public string Output => _output.ToString();

    /// <summary>What it has written to standard error so far.</summary>
    public string Errors => _errors.ToString();

    /// <summary>Starts a program.</summary>
    public static ChildProcess Start(string program, params IEnumerable<string> arguments) =>
        Start(new ProcessStartInfo(program, arguments));

    /// <summary>Starts a program with an environment or folder of its own.</summary>
    /// <param name="start">The program; its streams are redirected.</param>
    /// <param name="input">All that it can read from standard input.</param>
    public static ChildProcess Start(ProcessStartInfo start, string input = "") =>
        new(start, input);

    /// <summary>Runs a program to its end.</summary>
    public static ChildOutcome Run(string program, params IEnumerable<string> arguments)
    {
        using ChildProcess child = Start(program, arguments);
        return child.Finish();
    }

    /// <summary>Sends a signal to a process; false if there is no such process.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="name">The signal by its name, such as TERM, or its number.</param>
    public static bool Signal(int processId, string name)
    {
        // The shell's own `kill`: a program of that name is not on every machine.
        string id = processId.ToString(CultureInfo.InvariantCulture);
        return Run("/bin/sh", "-c", $"kill -{name} {id}").ExitCode == 0;
    }

    /// <summary>The next line of its standard output.</summary>
    /// <exception cref="TimeoutException">It does not come, or the output has ended.</exception>
    public string ReadLine(TimeSpan? limit = null) => _output.ReadLine(limit ?? Hung)
        ?? throw new TimeoutException($"It says nothing more. {Errors}");

    /// <summary>The next line of its standard error; the same as that.</summary>
    /// <exception cref="TimeoutException">It does not come, or the output has ended.</exception>
    public string ReadErrorLine() => _errors.ReadLine(Hung)
        ?? throw new TimeoutException($"It says nothing more. {Output}");

    /// <summary>The lines of its standard output from now to its end.</summary>
    public string[] ReadRest()
    {
        WaitForExit();
        return [.. _output.ReadRest()];
    }

    /// <summary>Sends it a signal by its name, such as TERM, or its number.</summary>
    public void Signal(string name) =>
        Assert.That(Signal(Id, name) || HasExited, $"cannot send {name}: {Errors}");

    /// <summary>Kills it, and none of its children.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for its end and gives all of it.</summary>
    /// <exception cref="TimeoutException">It does not end.</exception>
    public ChildOutcome Finish(TimeSpan? limit = null) =>
        new(WaitForExit(limit), Output, Errors);

    /// <summary>Waits for its end, with its output, and gives the exit code.</summary>
    /// <exception cref="TimeoutException">It does not end.</exception>
    public int WaitForExit(TimeSpan? limit = null) =>
        WaitForExitAsync(limit ?? Hung).GetAwaiter().GetResult();

    /// <summary>As above, without a thread that waits.</summary>
    /// <exception cref="TimeoutException">It does not end.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        try
        {
            await Task.WhenAll(_process.WaitForExitAsync(), _output.End, _errors.End)
                .WaitAsync(limit).ConfigureAwait(false);
            return _process.ExitCode;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(
                $"not finished after {limit.TotalSeconds} s\n{Output}{Errors}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
