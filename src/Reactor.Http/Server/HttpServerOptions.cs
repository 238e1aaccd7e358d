using Microsoft.Extensions.Logging;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The limits and habits of an HTTP server, each with its default and the reason for it.
/// </summary>
public sealed record HttpServerOptions
{
    /// <summary>
    /// The value of the Server field; null sends none. Default <c>reactor</c>: the name only,
    /// because a version helps nobody but attackers (RFC 9110 10.2.4).
    /// </summary>
    public string? ServerName { get; init; } = "reactor";

    /// <summary>What the parser accepts at most.</summary>
    public ParserLimits Limits { get; init; } = ParserLimits.Default;

    /// <summary>
    /// Bytes of a request body that nobody read which are read and dropped, so that the connection
    /// can be kept; a longer rest closes it. Default 256 KiB, Go's figure.
    /// </summary>
    public int DrainBytesMax { get; init; } = 256 * 1024;

    /// <summary>
    /// How long a connection that we end may take to say that it got the answer: we send the end of
    /// our stream and discard what still comes, or the kernel would reset the connection and the
    /// answer with it (RFC 9112 9.6). Default 5 seconds.
    /// </summary>
    public TimeSpan LingerTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Bytes of answers that gather before they are sent although more requests wait in the buffer.
    /// Default 64 KiB.
    /// </summary>
    public int FlushBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// Bytes that a streamed answer sends before others have their turn, although its client takes
    /// them at once; each write counts as 4 KiB at least. Default 256 KiB: some 100 microseconds.
    /// </summary>
    public int StreamBytesPerTurn { get; init; } = 256 * 1024;

    /// <summary>
    /// How long a shutdown waits for requests that were begun before it cancels their handlers.
    /// Default 25 seconds: less than the 30 that container platforms give.
    /// </summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>
    /// How long a shutdown waits for cancelled handlers before it closes their connections.
    /// Default 5 seconds.
    /// </summary>
    public TimeSpan CancelTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where the server logs. Default: warnings and errors go to standard error.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
