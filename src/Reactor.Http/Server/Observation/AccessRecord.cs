using System.Net;

namespace Reactor.Http;

/// <summary>How a request ended, as far as its client could see it.</summary>
public enum RequestOutcome
{
    /// <summary>
    /// The request and its response, which may be an error, are complete: the kernel has taken the
    /// last byte, or, if the connection ended with it, the client's system has acknowledged it.
    /// </summary>
    Complete,

    /// <summary>
    /// The client ended it: by a reset, by the end of its stream within its request, or because it
    /// was out of reach; with <see cref="HttpServerOptions.HalfCloseIsDisconnect"/> also by the end
    /// of its stream within the response.
    /// </summary>
    AbortedByClient,

    /// <summary>
    /// The server ended it: a handler failed, a deadline passed, the client took too little of the
    /// response, or the server shut down.
    /// </summary>
    AbortedByServer,
}

/// <summary>
/// The outcome of one request; see <see cref="HttpServerLog.AccessLog"/>. Later versions may
/// add properties.
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

    /// <summary>
    /// The pattern of the route, such as <c>/hello/{name}</c>; null if none matched.
    /// </summary>
    public string? Route { get; init; }

    /// <summary>
    /// The client's version, such as <c>HTTP/1.1</c>; empty without a valid request line.
    /// </summary>
    public string Protocol { get; init; } = "";

    /// <summary>The address of the client, if the system has one.</summary>
    public EndPoint? Peer { get; init; }

    /// <summary>The status of the response; 0 if none was begun.</summary>
    public int Status { get; init; }

    /// <summary>Bytes of content that were written.</summary>
    public long BodyBytes { get; init; }

    /// <summary>
    /// Bytes of head and body, framing included, that were read until the response was written.
    /// </summary>
    public long BytesIn { get; init; }

    /// <summary>
    /// Bytes of the response that the kernel has taken, framing and interim responses included; if
    /// it was cut off, at least so many.
    /// </summary>
    public long BytesOut { get; init; }

    /// <summary>From the first byte of the request until its end.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How it ended.</summary>
    public RequestOutcome Outcome { get; init; }
}
