using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Reactor.Tools.Server;

/// <summary>
/// The server's log: standard error, one line a message. What a slow terminal does not take is
/// dropped, not waited for.
/// </summary>
internal static class Logging
{
    public static ILoggerFactory Make(LogLevel level) => LoggerFactory.Create(builder => builder
        .SetMinimumLevel(level)
        .AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            options.UseUtcTimestamp = true;
        })
        .AddConsole(options =>
        {
            options.LogToStandardErrorThreshold = LogLevel.Trace;
            options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        }));
}
