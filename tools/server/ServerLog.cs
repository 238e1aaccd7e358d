using Microsoft.Extensions.Logging;

namespace Reactor.Tools.Server;

/// <summary>
/// The log messages of the binary; each keeps its number. Any thread, with a logger of the queue.
/// </summary>
internal static partial class ServerLog
{
    [LoggerMessage(200, LogLevel.Warning,
        "{Line} (standard output cannot be written: {Reason})")]
    public static partial void NotAnnounced(ILogger logger, string line, string reason);

    [LoggerMessage(201, LogLevel.Critical,
        "The server was asked to end and has not within {Limit}; a handler may block its loop. " +
        "It is ended now")]
    public static partial void EndTimeout(ILogger logger, TimeSpan limit);
}
