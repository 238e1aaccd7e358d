using Microsoft.Extensions.Logging;

namespace Reactor.Recording;

/// <summary>
/// The log messages of recordings, made by the source generator: nothing is formatted unless the
/// level is on. Any thread.
/// </summary>
internal static partial class RecordingLog
{
    [LoggerMessage(16, LogLevel.Warning, "{Reason} The loop goes on.")]
    public static partial void Ended(ILogger logger, string reason);
}
