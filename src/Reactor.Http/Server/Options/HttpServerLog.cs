using Microsoft.Extensions.Logging;

namespace Reactor.Http;

/// <summary>What an HTTP server logs, where, and how much.</summary>
public sealed record HttpServerLog
{
    /// <summary>The logger factory. Default null: warnings and errors to standard error.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>
    /// Called on the loop thread with a record for each request of which a byte came, when the
    /// kernel has taken the response; for the last request of a connection, when the client has
    /// acknowledged it or the close gave up. Must not block. Default null.
    /// </summary>
    public Action<AccessRecord>? AccessLog { get; init; }

    /// <summary>
    /// Whether records are also logged, in the category <c>Reactor.Http.Access </c> at Information;
    /// needs a <see cref="LoggerFactory"/>. Default false.
    /// </summary>
    public bool LogsAccess { get; init; }

    /// <summary>
    /// Whether the loop time of each request is measured. It costs one reading of the clock for
    /// each work of the loop. Default null: if <see cref="AccessLog"/>, <see cref="LogsAccess"/>,
    /// <see cref="HttpServerOptions.DevMode"/>, <see cref="Application.Thieves"/> or a listener of
    /// the metric <c>reactor.http.server.request.loop_time</c> needs it. False: never.
    /// </summary>
    public bool? MeasuresLoopTime { get; init; }

    /// <summary>
    /// Log lines per second for rejected requests; the next line counts those suppressed. Default
    /// 10: a client can cause any number.
    /// </summary>
    public int RefusalLinesPerSecond { get; init => field = OptionValue.AtLeast(0, value); } = 10;

    /// <summary>
    /// The same for failed or late handlers and broken responses, for each route and type of
    /// exception. Default 10.
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
            one.Duration.TotalMilliseconds, one.LoopTime.TotalMilliseconds,
            one.LongestStep.TotalMilliseconds, one.Outcome, one.Route ?? "-", one.Peer));
    }

    private static string OrDash(string text) => text.Length > 0 ? text : "-";
}
