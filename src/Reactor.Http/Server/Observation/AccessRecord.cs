using System.Net;

namespace Reactor.Http;

/// <summary>How a request ended, as its client could see it.</summary>
public enum RequestOutcome
{
    /// <summary>
    /// Request and response, perhaps an error, are complete: the kernel has taken the last byte,
    /// or, if the connection ended, the client has acknowledged it.
    /// </summary>
    Complete,

    /// <summary>
    /// The client reset the connection, ended its stream within the request, or was out of reach;
    /// with <see cref="HttpServerOptions.HalfCloseIsDisconnect"/> also ended its stream within the
    /// response.
    /// </summary>
    AbortedByClient,

    /// <summary>
    /// A handler failed, a deadline passed, the client took too little of the response, or the
    /// server shut down.
    /// </summary>
    AbortedByServer,
}

/// <summary>
/// The outcome of a request; see <see cref="HttpServerLog.AccessLog"/>. Later versions may add
/// properties.
/// </summary>
/// <remarks>Immutable; any thread.</remarks>
public sealed record AccessRecord
{
    /// <summary>The method as sent; empty without a valid request line.</summary>
    public string Method { get; init; } = "";

    /// <summary>
    /// The path as sent, without the query, which may hold secrets; empty without a valid request
    /// line.
    /// </summary>
    public string Path { get; init; } = "";

    /// <summary>The route's pattern, such as <c>/hello/{name}</c>; null if none matched.</summary>
    public string? Route { get; init; }

    /// <summary>
    /// The client's version, such as <c>HTTP/1.1</c>; empty without a valid request line.
    /// </summary>
    public string Protocol { get; init; } = "";

    /// <summary>The client's address, if the system has it.</summary>
    public EndPoint? Peer { get; init; }

    /// <summary>
    /// The id that <c>UseRequestId</c> gave the request; null without that guard, or if the request
    /// was refused before it.
    /// </summary>
    public string? RequestId { get; init; }

    /// <summary>The status of the response; 0 if none was begun.</summary>
    public int Status { get; init; }

    /// <summary>Bytes of content that were written.</summary>
    public long BodyBytes { get; init; }

    /// <summary>
    /// Bytes of head and body, framing included, read until the response was written.
    /// </summary>
    public long BytesIn { get; init; }

    /// <summary>
    /// Bytes of the response that the kernel has taken, framing and interim responses included; at
    /// least so many if it was cut off.
    /// </summary>
    public long BytesOut { get; init; }

    /// <summary>From the first byte of the request until its end.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>
    /// The time for which the request held the loop thread, until its end: the steps of its
    /// connection's task, of the tasks that its handler created, and of a handler that is a plain
    /// async method. Callbacks and work on other threads are not in it. Zero unless <see
    /// cref="HttpServerLog.MeasuresLoopTime"/>.
    /// </summary>
    public TimeSpan LoopTime { get; init; }

    /// <summary>
    /// The longest part of <see cref="LoopTime"/> without a break, in which no other request was
    /// served.
    /// </summary>
    public TimeSpan LongestStep { get; init; }

    /// <summary>
    /// <see cref="Duration"/> without <see cref="LoopTime"/>: waiting for the client, timers,
    /// executors, and the steps of other requests.
    /// </summary>
    public TimeSpan Wait { get; init; }

    /// <summary>How it ended.</summary>
    public RequestOutcome Outcome { get; init; }
}
