using Microsoft.Extensions.Logging;

namespace Reactor;

/// <summary>
/// The loop's log messages, made by the source generator: nothing is formatted unless the level is
/// on, and each has a number that stays. Any thread.
/// </summary>
internal static partial class LoopLog
{
    [LoggerMessage(1, LogLevel.Error, "{Message} {CreatedAt}")]
    public static partial void Error(
        ILogger logger, string message, string createdAt, Exception? error);

    [LoggerMessage(2, LogLevel.Error,
        "Unhandled error in exception handler, while it handled: {Message}")]
    public static partial void ErrorInHandler(ILogger logger, string message, Exception error);

    [LoggerMessage(3, LogLevel.Warning,
        "Unclosed event loop {Name}: call Close() or Dispose() when it is no longer needed.")]
    public static partial void Unclosed(ILogger logger, string name);

    [LoggerMessage(4, LogLevel.Error, "A log sink threw; its message is lost.")]
    public static partial void SinkThrew(ILogger logger, Exception error);

    [LoggerMessage(5, LogLevel.Warning,
        "{Count} log messages were dropped: a sink took them too slowly.")]
    public static partial void Dropped(ILogger logger, long count);
}
