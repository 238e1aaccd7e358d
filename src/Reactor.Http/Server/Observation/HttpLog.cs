using Microsoft.Extensions.Logging;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// The server's log messages, made by the source generator: nothing is formatted unless the level
/// is on, and each has a number that stays. Those that a client can cause are logged through
/// <see cref="ClientLines"/> only. Any thread.
/// </summary>
internal static partial class HttpLog
{
    [LoggerMessage(100, LogLevel.Error,
        "The handler of {Method} {Path} threw; its response is {Status}")]
    public static partial void HandlerThrew(
        ILogger logger, string method, string path, int status, Exception error);

    [LoggerMessage(110, LogLevel.Error,
        "The handler of {Method} {Path} threw after its response {Status} had begun; the " +
        "connection is reset")]
    public static partial void HandlerBrokeOff(
        ILogger logger, string method, string path, int status, Exception error);

    [LoggerMessage(112, LogLevel.Debug,
        "The handler of {Method} {Path} threw after its connection had ended")]
    public static partial void HandlerThrewAlone(
        ILogger logger, string method, string path, Exception error);

    // Information, and not a warning: what strangers send is no fault of the server's.
    [LoggerMessage(101, LogLevel.Information,
        "Bad request from {Peer} at byte {Offset}: {Id}, {Clause}: {Sentence}")]
    public static partial void Refused(
        ILogger logger, object? peer, long offset, string id, string clause, string sentence);

    [LoggerMessage(108, LogLevel.Warning, "Overloaded ({Reason}), requests answered 503: {Count}")]
    public static partial void Overloaded(ILogger logger, Overload reason, long count);

    [LoggerMessage(109, LogLevel.Information,
        "A request from {Peer} has more than {Count} cookies: the rest is ignored")]
    public static partial void CookiesIgnored(ILogger logger, object? peer, int count);

    [LoggerMessage(102, LogLevel.Error,
        "The handler of {Method} {Path} ended its response after less than it announced; " +
        "{Consequence}")]
    public static partial void ResponseShort(
        ILogger logger, string method, string path, string consequence);

    [LoggerMessage(103, LogLevel.Information,
        "Shutting down, open connections: {Connections}, with a request: {Active}")]
    public static partial void ShuttingDown(ILogger logger, int connections, int active);

    [LoggerMessage(104, LogLevel.Warning,
        "The number of connections that did not end within {Timeout} is {Connections}; " +
        "{Cancelled} of them have a handler, which is cancelled")]
    public static partial void Cancelling(
        ILogger logger, TimeSpan timeout, int connections, int cancelled);

    [LoggerMessage(105, LogLevel.Error,
        "A mistake of the server: the connection from {Peer} is in the state {State} and met " +
        "{Event}; it is reset. Please report this")]
    public static partial void IllegalMove(
        ILogger logger, object? peer, string state, string @event);

    [LoggerMessage(106, LogLevel.Error,
        "The handler of {Method} {Path} took longer than {Timeout} and was cancelled")]
    public static partial void HandlerLate(
        ILogger logger, string method, string path, TimeSpan? timeout);

    [LoggerMessage(116, LogLevel.Warning,
        "The handler of {Method} {Path} (route {Route}) still runs {After} after HandlerTimeout " +
        "cancelled it: it catches the cancellation, or waits for something that the loop cannot " +
        "cancel; give that request.Aborted or a timeout of its own.")]
    public static partial void HandlerIgnoresLimit(
        ILogger logger, string method, string path, string? route, TimeSpan after);

    [LoggerMessage(111, LogLevel.Warning,
        "The client {Peer} is reset: it takes nothing, or less than the least rate. It has " +
        "acknowledged {Acknowledged} bytes; {Undelivered} are lost")]
    public static partial void ClientStalled(
        ILogger logger, object? peer, long acknowledged, long undelivered);

    [LoggerMessage(117, LogLevel.Debug, "Connection from {Peer} opened")]
    public static partial void Opened(ILogger logger, object? peer);

    [LoggerMessage(118, LogLevel.Debug,
        "Connection from {Peer} closed ({Reason}), requests: {Requests}")]
    public static partial void Closed(
        ILogger logger, object? peer, CloseReason reason, int requests);

    [LoggerMessage(120, LogLevel.Information,
        "{Method} {Path} {Status} {BodyBytes} bytes, {Milliseconds} ms, {LoopMilliseconds} ms on " +
        "the loop, at most {LongestMilliseconds} ms at once, {Outcome}, {Route}, {Peer}")]
    public static partial void Requested(
        ILogger logger, string method, string path, int status, long bodyBytes,
        double milliseconds, double loopMilliseconds, double longestMilliseconds,
        RequestOutcome outcome, string route, object? peer);

    [LoggerMessage(122, LogLevel.Error,
        "The error page for {Status} (route {Route}) threw or is unusable; the default page " +
        "takes its place")]
    public static partial void ErrorPageThrew(
        ILogger logger, int status, string? route, Exception error);

    [LoggerMessage(123, LogLevel.Error,
        "The generated response {Status} (route {Route}) could not be prepared; it is 500")]
    public static partial void AnswerFailed(
        ILogger logger, int status, string? route, Exception error);

    [LoggerMessage(121, LogLevel.Error, "The access log threw: a record is lost")]
    public static partial void AccessLogThrew(ILogger logger, Exception error);
}
