using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Reactor;

/// <summary>
/// The loop's log messages, made by the source generator: nothing is formatted unless the level is
/// on, and the event ids are stable. Any thread.
/// </summary>
internal static partial class LoopLog
{
    public static string Seconds(TimeSpan duration) =>
        duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    [LoggerMessage(1, LogLevel.Error, "{Message}")]
    public static partial void Error(ILogger logger, string message, Exception? error);

    [LoggerMessage(2, LogLevel.Error,
        "Unhandled error in exception handler, which must not throw, while it handled: {Message}")]
    public static partial void ErrorInHandler(ILogger logger, string message, Exception error);

    [LoggerMessage(3, LogLevel.Warning,
        "Unclosed event loop {Name}: call Close() or Dispose() when it is no longer needed.")]
    public static partial void Unclosed(ILogger logger, string name);

    [LoggerMessage(4, LogLevel.Error, "Log messages lost because their sink threw: {Count}.")]
    public static partial void SinkThrew(ILogger logger, long count, Exception error);

    [LoggerMessage(5, LogLevel.Warning,
        "{Count} log messages were dropped: a sink took them too slowly.")]
    public static partial void Dropped(ILogger logger, long count);

    [LoggerMessage(6, LogLevel.Warning,
        "Executing {Work} took {Seconds} seconds, and nothing else ran meanwhile: await in " +
        "between, or hand the work to loop.RunInExecutor.")]
    public static partial void Slow(ILogger logger, string work, string seconds);

    [LoggerMessage(7, LogLevel.Warning,
        "{Work} has run for {Seconds} seconds and still blocks the loop: await in between, do " +
        "not wait for a lock or a Task there, or hand the work to loop.RunInExecutor.")]
    public static partial void Stuck(ILogger logger, string work, string seconds);

    [LoggerMessage(8, LogLevel.Warning,
        "The loop thread waits for a Task at {Place}, in {Work}, and nothing else runs meanwhile " +
        "(for ever, if the Task needs the loop): await it instead of Result, Wait() or " +
        "GetResult().")]
    public static partial void SyncWait(ILogger logger, string place, string work);

    [LoggerMessage(12, LogLevel.Warning,
        "The loop {Name} is blocked: one turn has lasted {Seconds} seconds so far, in {Work}. " +
        "Nothing else runs meanwhile: await in between, do not wait for a lock or a Task there, " +
        "or hand the work to loop.RunInExecutor.")]
    public static partial void Blocked(ILogger logger, string name, string seconds, string work);

    [LoggerMessage(13, LogLevel.Warning,
        "The loop {Name} runs again: it was blocked for {Seconds} seconds.")]
    public static partial void BlockEnded(ILogger logger, string name, string seconds);

    [LoggerMessage(15, LogLevel.Error,
        "The logger factory threw: messages of {Category} go to standard error.")]
    public static partial void FactoryThrew(ILogger logger, string category, Exception error);

    [LoggerMessage(11, LogLevel.Error,
        "Work that was submitted to an executor threw: catch it there, or use RunInExecutor, " +
        "which gives the error to its caller.")]
    public static partial void WorkThrew(ILogger logger, Exception error);

    [LoggerMessage(14, LogLevel.Error, "The watchdog cannot describe the work that runs.")]
    public static partial void LookThrew(ILogger logger, Exception error);

    [LoggerMessage(EventId = 9, Message = "{Count} more lines were not logged: {Kind}")]
    public static partial void Suppressed(ILogger logger, LogLevel level, long count, LogKind kind);

    [LoggerMessage(10, LogLevel.Warning,
        "The server on {Address} is full: {Count} of {Most} connections (ConnectionsMax) are " +
        "open. Since the last such line {Evicted} idle ones were closed for new clients.")]
    public static partial void ServerFull(
        ILogger logger, object? address, int count, int most, long evicted);
}
