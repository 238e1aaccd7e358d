using System.Diagnostics;

namespace Reactor;

/// <summary>
/// The pool's side of a worker process: start, greeting, one call at a time, end.
/// </summary>
/// <remarks>
/// One pool thread owns it and blocks in it. Only <see cref="Kill"/> may be called from any thread;
/// the owner then sees the end of the stream.
/// </remarks>
internal sealed class WorkerProcess(ProcessPoolOptions options, string program, Process process)
{
    private const int Greeting = 0;
    private const int Greeted = 1;
    private const int TimedOut = 2;

    private readonly Stream _output = process.StandardInput.BaseStream;
    private readonly Stream _input = process.StandardOutput.BaseStream;
    private readonly Lock _lock = new();
    private int _greeting;
    private bool _isEnded;

    public int JobsDone { get; private set; }

    public bool HasExited => process.HasExited;

    public static WorkerProcess Start(ProcessPoolOptions options)
    {
        IReadOnlyList<string> command = options.Command ?? OwnCommand();
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        start.Environment[WorkerSettings.Variable] =
            new WorkerSettings(options.MessageBytesMax, options.ShutdownTimeout).ToString();
        string program = string.Join(' ', command);
        try
        {
            return new WorkerProcess(options, program, Process.Start(start)!);
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or IOException)
        {
            throw new WorkerStartException(
                $"'{program}' cannot be started: {error.Message}", false, error);
        }
    }

    public void Greet()
    {
        using var timeout = new Timer(
            static worker => ((WorkerProcess)worker!).OnStartTimeout(), this,
            options.StartTimeout, Timeout.InfiniteTimeSpan);
        bool isForeign = false;
        bool isHello = false;
        try
        {
            Frame? first = Frame.Read(_input, options.MessageBytesMax);
            isHello = first is { Kind: FrameKind.Hello }
                && first.Value.Payload.AsSpan().SequenceEqual(Frame.Magic);
            isForeign = first is not null && !isHello;
        }
        catch (Exception error) when (IsEndOfTalk(error))
        {
            isForeign = error is InvalidDataException;
        }

        bool isInTime = Interlocked.CompareExchange(ref _greeting, Greeted, Greeting) == Greeting;
        if (isHello && isInTime)
        {
            return;
        }

        string what = !isInTime
            ? $"did not say within {options.StartTimeout.TotalSeconds} s that it is a worker"
            : isForeign ? "wrote something of its own to its output" : "";
        WorkerEnd end = End(isPolite: !isForeign && isInTime);
        throw new WorkerStartException(
            $"'{program}' {(what.Length > 0 ? what : $"{end} before it said that it is a worker")}"
            + ". Its Main must call ProcessPoolExecutor.RunWorker(jobs) before anything else. If "
            + "this is not the program meant (under a test host, say), name that one in "
            + "ProcessPoolOptions.Command.",
            isForeign || !isInTime,
            null);
    }

    /// <summary>Runs a job; blocks until the reply arrives.</summary>
    public Frame Call(FrameBuffer call)
    {
        _output.Write(call.Frames);
        _output.Flush();
        Frame reply = Frame.Read(_input, options.MessageBytesMax)
            ?? throw new EndOfStreamException();
        if (reply.Kind is not (FrameKind.Result or FrameKind.Error))
        {
            throw new InvalidDataException($"the answer is a frame of kind {reply.Kind}");
        }

        JobsDone++;
        return reply;
    }

    /// <summary>True for exceptions after which the worker is unusable.</summary>
    public static bool IsEndOfTalk(Exception error) =>
        error is IOException or InvalidDataException or ObjectDisposedException;

    /// <summary>
    /// Kills the process and closes its pipe, which ends a worker inside a wrapper command. Any
    /// thread.
    /// </summary>
    public void Kill()
    {
        lock (_lock)
        {
            if (!_isEnded)
            {
                KillNow();
                _output.Dispose();
            }
        }
    }

    /// <summary>Waits until the process has ended, and kills it after the time limit.</summary>
    public WorkerEnd End(bool isPolite)
    {
        lock (_lock)
        {
            _output.Dispose();
            if (!isPolite)
            {
                KillNow();
            }
        }

        if (!process.WaitForExit(options.ShutdownTimeout))
        {
            lock (_lock)
            {
                KillNow();
            }

            process.WaitForExit(options.ShutdownTimeout);
        }

        lock (_lock)
        {
            _isEnded = true; // before the process id can be reused
            var end = new WorkerEnd(process.Id, process.HasExited ? process.ExitCode : null);
            _input.Dispose();
            process.Dispose();
            return end;
        }
    }

    internal static IReadOnlyList<string> OwnCommand()
    {
        string program = Environment.ProcessPath ?? throw new WorkerStartException(
            "This process does not know its own program: set ProcessPoolOptions.Command.",
            true,
            null);

        // With `dotnet app.dll` the first argument is the application.
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [program, Environment.GetCommandLineArgs()[0]]
            : [program];
    }

    private void OnStartTimeout()
    {
        if (Interlocked.CompareExchange(ref _greeting, TimedOut, Greeting) == Greeting)
        {
            Kill();
        }
    }

    private void KillNow()
    {
        try
        {
            process.Kill();
        }
        catch (Exception error) when (error is InvalidOperationException
            or System.ComponentModel.Win32Exception)
        {
            // The process has already ended.
        }
    }
}

/// <summary>
/// A worker did not start; the message gives the reason and the remedy. It is hopeless if the
/// program is not a worker.
/// </summary>
internal sealed class WorkerStartException(string message, bool isHopeless, Exception? cause)
    : Exception(message, cause)
{
    public bool IsHopeless => isHopeless;
}
