using System.Globalization;

namespace Reactor;

/// <summary>
/// A job threw in its worker process; has the type, message and trace as text. The worker
/// continues. (asyncio: the exception itself, pickled)
/// </summary>
public sealed class RemoteJobException(string? message = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    internal RemoteJobException(string job, RemoteError error)
        : this($"Job '{job}' threw {error.Type}: {error.Message}")
    {
        JobName = job;
        RemoteTypeName = error.Type;
        RemoteMessage = error.Message;
        RemoteStackTrace = error.Stack;
    }

    /// <summary>The name of the job.</summary>
    public string JobName { get; } = "";

    /// <summary>The full name of the exception's type.</summary>
    public string RemoteTypeName { get; } = "";

    /// <summary>The exception's own message.</summary>
    public string RemoteMessage { get; } = "";

    /// <summary>The stack trace in the worker.</summary>
    public string RemoteStackTrace { get; } = "";

    /// <summary>Returns both traces: the waiter's and the worker's.</summary>
    public override string ToString() =>
        $"{base.ToString()}{Environment.NewLine}--- in the worker ---{Environment.NewLine}"
        + RemoteStackTrace;
}

/// <summary>
/// A worker process ended while it ran a job: it crashed, was killed or called
/// <see cref="Environment.Exit"/>. The job's progress is unknown. The pool replaces the worker.
/// </summary>
public sealed class WorkerDiedException(string? message = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    internal WorkerDiedException(string job, WorkerEnd end, Exception? cause)
        : this($"Worker process {end.ProcessId} {end} while it ran job '{job}'.", cause)
    {
        JobName = job;
        ProcessId = end.ProcessId;
        ExitCode = end.ExitCode;
    }

    /// <summary>The name of the job.</summary>
    public string JobName { get; } = "";

    /// <summary>The id of the process.</summary>
    public int ProcessId { get; }

    /// <summary>
    /// The exit code; 128 plus the signal's number after a signal. Null if the process did not end.
    /// </summary>
    public int? ExitCode { get; }
}

/// <summary>
/// The workers of a pool do not start, so no call can succeed (asyncio: <c>BrokenProcessPool</c>).
/// The message gives the remedy.
/// </summary>
public sealed class BrokenProcessPoolException(
    string? message = null, Exception? innerException = null)
    : InvalidOperationException(message, innerException);

/// <summary>How a worker process ended; the text continues a sentence.</summary>
internal readonly record struct WorkerEnd(int ProcessId, int? ExitCode)
{
    // For a killed process .NET returns 128 plus the signal. A program may also return such a code,
    // so the text shows both.
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
