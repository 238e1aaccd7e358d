using System.Globalization;

namespace Reactor;

/// <summary>
/// A job threw in its worker process. The exception itself stayed there; this one tells its type,
/// message and trace in words. The worker lives on. (asyncio: the exception itself, pickled)
/// </summary>
public sealed class RemoteJobException : Exception
{
    /// <summary>Makes one.</summary>
    public RemoteJobException()
    {
    }

    /// <summary>Makes one with a message.</summary>
    public RemoteJobException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes one with a message and a cause.</summary>
    public RemoteJobException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal RemoteJobException(string job, RemoteError error)
        : base($"Job '{job}' threw {error.Type}: {error.Message}")
    {
        JobName = job;
        RemoteTypeName = error.Type;
        RemoteMessage = error.Message;
        RemoteStackTrace = error.Stack;
    }

    /// <summary>Which job threw.</summary>
    public string JobName { get; } = "";

    /// <summary>The full name of the exception's type.</summary>
    public string RemoteTypeName { get; } = "";

    /// <summary>The exception's own message.</summary>
    public string RemoteMessage { get; } = "";

    /// <summary>Where it was thrown, as the worker saw it.</summary>
    public string RemoteStackTrace { get; } = "";

    /// <summary>Both traces: the worker's and that of whoever waited.</summary>
    public override string ToString() =>
        $"{base.ToString()}{Environment.NewLine}--- in the worker ---{Environment.NewLine}"
        + RemoteStackTrace;
}

/// <summary>
/// A worker process died while it ran a job: it crashed, was killed or called
/// <see cref="Environment.Exit"/>. Nobody knows how far the job came. The pool replaces the worker.
/// </summary>
public sealed class WorkerDiedException : Exception
{
    /// <summary>Makes one.</summary>
    public WorkerDiedException()
    {
    }

    /// <summary>Makes one with a message.</summary>
    public WorkerDiedException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes one with a message and a cause.</summary>
    public WorkerDiedException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal WorkerDiedException(string job, WorkerEnd end, Exception? cause)
        : base($"Worker process {end.ProcessId} {end} while it ran job '{job}'.", cause)
    {
        JobName = job;
        ProcessId = end.ProcessId;
        ExitCode = end.ExitCode;
    }

    /// <summary>Which job it ran.</summary>
    public string JobName { get; } = "";

    /// <summary>The number the process had.</summary>
    public int ProcessId { get; }

    /// <summary>
    /// Its exit code; of one that a signal killed, 128 and the signal's number. Null if it had not
    /// ended when the pool gave it up.
    /// </summary>
    public int? ExitCode { get; }
}

/// <summary>
/// The workers of a pool do not even start, so no call can ever be answered (asyncio:
/// <c>BrokenProcessPool</c>). The message says what to do.
/// </summary>
public sealed class BrokenProcessPoolException : InvalidOperationException
{
    /// <summary>Makes one.</summary>
    public BrokenProcessPoolException()
    {
    }

    /// <summary>Makes one with a message.</summary>
    public BrokenProcessPoolException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes one with a message and a cause.</summary>
    public BrokenProcessPoolException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>How a worker process ended; its text reads on after "the worker".</summary>
internal readonly record struct WorkerEnd(int ProcessId, int? ExitCode)
{
    // Where a signal kills a process, .NET gives 128 and its number, as a shell does. A program may
    // return such a number itself, so the text tells both.
    private const int SignalBase = 128;

    /// <inheritdoc/>
    public override string ToString() => ExitCode switch
    {
        null => "does not end",
        > SignalBase and <= SignalBase + 64 when !OperatingSystem.IsWindows() =>
            $"died with exit code {ExitCode} ({NameOf(ExitCode.Value - SignalBase)})",
        _ => $"ended with exit code {ExitCode}",
    };

    private static string NameOf(int signal) => signal switch
    {
        2 => "SIGINT",
        4 => "SIGILL",
        6 => "SIGABRT: an unhandled exception, or FailFast",
        8 => "SIGFPE",
        9 => "SIGKILL: killed from outside, or out of memory",
        11 => "SIGSEGV",
        15 => "SIGTERM",
        _ => "signal " + signal.ToString(CultureInfo.InvariantCulture),
    };
}
