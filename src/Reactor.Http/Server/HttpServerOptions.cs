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
    /// <exception cref="ArgumentException">The value may not be sent.</exception>
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
    /// Whether error answers tell what went wrong inside: the text of exceptions, and the stable id
    /// of what was refused. Default false: it helps whoever attacks as much as whoever develops.
    /// </summary>
    public bool DevMode { get; init; }

    /// <summary>
    /// Gets one record for each request that was begun, also when it was cut off at any byte. On
    /// the loop thread: it must not block. Default null: nothing is recorded, and nothing is paid.
    /// </summary>
    public Action<AccessRecord>? AccessLog { get; init; }

    /// <summary>
    /// Whether the record of each request is also logged, in the category
    /// <c>Reactor.Http.Access</c> at Information. Default false: a line for each request is for
    /// whoever asks for it. Needs a <see cref="LoggerFactory"/> that takes the level.
    /// </summary>
    public bool LogsAccess { get; init; }

    /// <summary>
    /// Bytes of a streamed answer that wait for a slow client; what would exceed them makes
    /// <see cref="StreamResponse.WriteAsync"/> wait. Default 64 KiB: the kernel is never short of
    /// bytes to send, and ten thousand slow clients hold 640 MiB at most.
    /// </summary>
    public int StreamHighBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1024);
            field = value;
        }
    } = 64 * 1024;

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

    /// <summary>All who want the record of each request; null if there is nobody.</summary>
    internal Action<AccessRecord>? MakeAccessLog()
    {
        if (!LogsAccess)
        {
            return AccessLog;
        }

        ILogger logger = LogQueue.Wrap(LoggerFactory, "Reactor.Http.Access");
        return AccessLog + (one => HttpLog.Requested(
            logger, one.Method, one.Path, one.Status, one.BodyBytes,
            one.Duration.TotalMilliseconds, one.Outcome));
    }
}
