using Microsoft.Extensions.Logging;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Logs what clients can cause, each kind within its rate limit; without limit only access records
/// and Debug lines.
/// </summary>
/// <remarks>Loop thread only. A suppressed line makes no text.</remarks>
internal sealed class ClientLines(
    ILogger logger, ILogger connections, int refusalsPerSecond, int failuresPerSecond)
{
    private static readonly LogKind s_refusals = new("bad requests");
    private static readonly LogKind s_stalled = new("clients that took nothing");
    private static readonly LogKind s_cookies = new("requests with too many cookies");

    private readonly LogRateLimiter _refusals = new(refusalsPerSecond);
    private readonly LogRateLimiter _failures = new(failuresPerSecond);
    private readonly LogRateLimiter _overload = new(1);
    private readonly LogRateLimiter _stalled = new(1);

    public void Opened(Connection connection)
    {
        if (connections.IsEnabled(LogLevel.Debug))
        {
            HttpLog.Opened(connections, connection.RemoteEndPoint);
        }
    }

    public void Closed(Connection connection, int requests)
    {
        if (connections.IsEnabled(LogLevel.Debug))
        {
            CloseReason reason = connection.CloseReason;
            reason = reason == CloseReason.None ? CloseReason.Local : reason;
            HttpLog.Closed(connections, connection.RemoteEndPoint, reason, requests);
        }
    }

    public void Refused(Connection connection, long offset, RejectionInfo info)
    {
        if (MayLog(_refusals, LogLevel.Information, s_refusals, connection.Loop))
        {
            HttpLog.Refused(
                logger, connection.RemoteEndPoint, offset, info.Id, info.Clause, info.Sentence);
        }
    }

    public void CookiesIgnored(Connection connection, int most)
    {
        if (MayLog(_refusals, LogLevel.Information, s_cookies, connection.Loop))
        {
            HttpLog.CookiesIgnored(logger, connection.RemoteEndPoint, most);
        }
    }

    /// <summary>The line counts the requests rejected before it, too.</summary>
    public void Overloaded(Overload reason, EventLoop loop)
    {
        var kind = new LogKind("requests turned away");
        if (logger.IsEnabled(LogLevel.Warning)
            && _overload.TryTake(kind, loop.Time, out long suppressed))
        {
            HttpLog.Overloaded(logger, reason, suppressed + 1);
        }
    }

    public void HandlerThrew(in RequestLine request, int status, Exception error)
    {
        if (MayLogFailure("failures of handlers", request, error.GetType()))
        {
            HttpLog.HandlerThrew(logger, request.Method, request.Path, status, error);
        }
    }

    public void HandlerBrokeOff(in RequestLine request, int status, Exception error)
    {
        if (MayLogFailure("failures of handlers", request, error.GetType()))
        {
            HttpLog.HandlerBrokeOff(logger, request.Method, request.Path, status, error);
        }
    }

    public void HandlerThrewAlone(in RequestLine request, Exception error)
    {
        var kind = new LogKind(
            "failures of handlers without a client", request.Pattern, error.GetType());
        if (MayLog(_failures, LogLevel.Debug, kind, request.Loop))
        {
            HttpLog.HandlerThrewAlone(logger, request.Method, request.Path, error);
        }
    }

    public void ResponseShort(in RequestLine request, string consequence)
    {
        if (MayLogFailure("broken responses", request, null))
        {
            HttpLog.ResponseShort(logger, request.Method, request.Path, consequence);
        }
    }

    public void HandlerLate(in RequestLine request, TimeSpan? timeout)
    {
        if (MayLogFailure("late handlers", request, null))
        {
            HttpLog.HandlerLate(logger, request.Method, request.Path, timeout);
        }
    }

    /// <summary>A late handler was cancelled and still runs.</summary>
    public void HandlerIgnoresLimit(in RequestLine request, TimeSpan after)
    {
        if (MayLogFailure("handlers that ignore their limit", request, null))
        {
            HttpLog.HandlerIgnoresLimit(
                logger, request.Method, request.Path, request.Pattern, after);
        }
    }

    public void ErrorPageThrew(string? pattern, int status, EventLoop loop, Exception error)
    {
        var kind = new LogKind("failures of the error page", pattern, error.GetType());
        if (MayLog(_failures, LogLevel.Error, kind, loop))
        {
            HttpLog.ErrorPageThrew(logger, status, pattern, error);
        }
    }

    /// <summary>A response that the server makes could not be prepared.</summary>
    public void AnswerFailed(string? pattern, int status, EventLoop loop, Exception error)
    {
        var kind = new LogKind("failures of generated responses", pattern, error.GetType());
        if (MayLog(_failures, LogLevel.Error, kind, loop))
        {
            HttpLog.AnswerFailed(logger, status, pattern, error);
        }
    }

    public void AccessLogThrew(EventLoop loop, Exception error)
    {
        var kind = new LogKind("failures of the access log", null, error.GetType());
        if (MayLog(_failures, LogLevel.Error, kind, loop))
        {
            HttpLog.AccessLogThrew(logger, error);
        }
    }

    public void IllegalMove(Connection connection, string before, string happened)
    {
        if (MayLog(_failures, LogLevel.Error, new LogKind("illegal moves"), connection.Loop))
        {
            HttpLog.IllegalMove(logger, connection.RemoteEndPoint, before, happened);
        }
    }

    public void ClientStalled(Connection connection, long undelivered)
    {
        if (MayLog(_stalled, LogLevel.Warning, s_stalled, connection.Loop))
        {
            HttpLog.ClientStalled(
                logger, connection.RemoteEndPoint, connection.GetAcknowledgedBytes(), undelivered);
        }
    }

    /// <summary>Reports at the end of the server what was suppressed.</summary>
    public void End()
    {
        _refusals.ReportSuppressed(logger, LogLevel.Information);
        _failures.ReportSuppressed(logger, LogLevel.Error);
        _overload.ReportSuppressed(logger, LogLevel.Warning);
        _stalled.ReportSuppressed(logger, LogLevel.Warning);
    }

    private bool MayLogFailure(string name, in RequestLine request, Type? error) => MayLog(
        _failures, LogLevel.Error, new LogKind(name, request.Pattern, error), request.Loop);

    private bool MayLog(LogRateLimiter budget, LogLevel level, in LogKind kind, EventLoop loop) =>
        budget.MayLog(logger, level, kind, loop.Time);
}
