using Microsoft.Extensions.Logging;

namespace Reactor.Http;

/// <summary>What an HTTP server logs, where, and how much.</summary>
public sealed record HttpServerLog
{
    /// <summary>The logger factory. Default null: warnings and errors to standard error.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>
    /// Called with one record for each request of which a byte came, when the kernel has taken the
    /// last byte of the response; for the last request of a connection, when the client has
    /// acknowledged it or the close gave up. Runs on the loop thread, so it must not block. Default
    /// null: no records.
    /// </summary>
    public Action<AccessRecord>? AccessLog { get; init; }

    /// <summary>
    /// Whether each record is also logged, in the category <c>Reactor.Http.Access </c> at
    /// Information. Default false. Needs a <see cref="LoggerFactory"/>.
    /// </summary>
    public bool LogsAccess { get; init; }

    /// <summary>
    /// Log lines per second for rejected requests; the next line counts those suppressed. Default
    /// 10: a client can cause any number.
    /// </summary>
    public int RefusalLinesPerSecond { get; init => field = OptionValue.AtLeast(0, value); } = 10;

    /// <summary>
    /// Log lines per second for failed or late handlers and broken responses, for each route and
    /// type of exception, counted as above. Default 10.
    /// </summary>
    public int FailureLinesPerSecond { get; init => field = OptionValue.AtLeast(0, value); } = 10;

    /// <summary>Both receivers of records in one; null without any.</summary>
    internal Action<AccessRecord>? MakeAccessLog()
    {
        if (!LogsAccess)
        {
            return AccessLog;
        }

        ILogger logger = LogQueue.Wrap(LoggerFactory, "Reactor.Http.Access");
        return AccessLog + (one => HttpLog.Requested(
            logger, OrDash(one.Method), OrDash(one.Path), one.Status, one.BodyBytes,
            one.Duration.TotalMilliseconds, one.Outcome, one.Peer));
    }

    private static string OrDash(string text) => text.Length > 0 ? text : "-";
}
