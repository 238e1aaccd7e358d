using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The options of an HTTP server, in groups. A duration of <see cref="Timeout.InfiniteTimeSpan"/>
/// or <see cref="TimeSpan.MaxValue"/> means no limit.
/// </summary>
/// <example><code>
/// new HttpServerOptions { Times = new() { HandlerTimeout = TimeSpan.FromSeconds(30) } }
/// </code></example>
public sealed record HttpServerOptions
{
    /// <summary>
    /// The value of the Server field; null sends none. Default <c>reactor</c>, without a version,
    /// which would help attackers (RFC 9110 10.2.4).
    /// </summary>
    /// <exception cref="ArgumentException">The value is invalid.</exception>
    public string? ServerName
    {
        get;
        init
        {
            FieldRules.RequireValue(value);
            field = value;
        }
    } = "reactor";

    /// <summary>
    /// Whether error responses contain the text of exceptions and the id of a rejection. Default
    /// false: they help attackers.
    /// </summary>
    public bool DevMode { get; init; }

    /// <summary>
    /// Whether a handler is cancelled when its client disconnects (aiohttp:
    /// <c>handler_cancellation</c>). Costs each request a wait. Default false, as in aiohttp: work
    /// that changes state should not stop half-way.
    /// </summary>
    public bool CancelHandlerOnDisconnect { get; init; }

    /// <summary>
    /// Whether a client that half-closes its connection counts as disconnected. Default false: the
    /// client may still wait for its response (RFC 9112 9.6).
    /// </summary>
    public bool HalfCloseIsDisconnect { get; init; }

    /// <summary>What the parser accepts.</summary>
    public ParserLimits Parser { get; init; } = ParserLimits.Default;

    /// <summary>How long clients and handlers may take.</summary>
    public HttpServerTimes Times { get; init; } = new();

    /// <summary>How many bytes and requests are buffered, discarded or served at once.</summary>
    public HttpServerLimits Limits { get; init; } = new();

    /// <summary>When requests are answered with 503 instead of calling their handlers.</summary>
    public HttpServerOverload Overload { get; init; } = new();

    /// <summary>How the server ends.</summary>
    public HttpServerShutdown Shutdown { get; init; } = new();

    /// <summary>What is logged, where, and how much.</summary>
    public HttpServerLog Log { get; init; } = new();
}
