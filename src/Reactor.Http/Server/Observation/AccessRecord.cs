using System.Net;

namespace Reactor.Http;

/// <summary>How a request ended, as far as its client could see it.</summary>
public enum RequestOutcome
{
    /// <summary>
    /// The request was whole, and so was its response, be it an error: the kernel has taken its
    /// last byte; where the connection ended with it, the client's system has acknowledged it.
    /// </summary>
    Complete,

    /// <summary>
    /// The client ended it, in the head, in the body or in the response: by a reset, by the end of
    /// its stream in the middle of its request, or because it was out of reach; and by the end of
    /// its stream where <see cref="HttpServerOptions.HalfCloseIsDisconnect"/> says so.
    /// </summary>
    AbortedByClient,

    /// <summary>
    /// The server ended it: a handler failed in its response, a deadline passed, the client took
    /// too little of the response, the server shut down.
    /// </summary>
    AbortedByServer,
}

/// <summary>
/// What became of one request; see <see cref="HttpServerOptions.AccessLog"/>. Later versions may
/// add properties, so nothing should depend on the set of them.
/// </summary>
/// <remarks>Immutable; any thread.</remarks>
public sealed record AccessRecord
{
    /// <summary>
    /// The method as it was sent; empty if the request line was refused or cut off.
    /// </summary>
    public string Method { get; init; } = "";

    /// <summary>
    /// The path as it was sent, without the query, which often holds what no log should; empty if
    /// the request line was refused or cut off.
    /// </summary>
    public string Path { get; init; } = "";

    /// <summary>
    /// The pattern of the route that answered, such as <c>/hello/{name}</c>; null if none did.
    /// </summary>
    public string? Route { get; init; }

    /// <summary>
    /// The version that the client speaks, such as <c>HTTP/1.1</c>; empty if the request line was
    /// refused or cut off.
    /// </summary>
    public string Protocol { get; init; } = "";

    /// <summary>The address of the client; null where the system has none.</summary>
    public EndPoint? Peer { get; init; }

    /// <summary>The status of the response; 0 if none was begun.</summary>
    public int Status { get; init; }

    /// <summary>Bytes of content in the response that were written.</summary>
    public long BodyBytes { get; init; }

    /// <summary>
    /// Bytes that were received for the request until its response was written: its head and what
    /// was read of its body, with the framing of chunks.
    /// </summary>
    public long BytesIn { get; init; }

    /// <summary>
    /// Bytes that the kernel has taken for the client: head, content and framing of the response,
    /// and interim responses. Of a response that was cut off at least so many.
    /// </summary>
    public long BytesOut { get; init; }

    /// <summary>From the first byte of the request until its end as the outcome says.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How it ended.</summary>
    public RequestOutcome Outcome { get; init; }
}
