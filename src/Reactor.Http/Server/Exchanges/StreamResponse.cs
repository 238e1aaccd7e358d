namespace Reactor.Http;

/// <summary>
/// A response whose body is made while it is sent (aiohttp: <c>web.StreamResponse</c>): prepare it,
/// write pieces, and return it from the handler, which ends it. Without a length it is chunked, or
/// for HTTP/1.0 ends with the connection.
/// </summary>
/// <remarks>
/// Loop thread only. A write waits while more than <see cref="HttpServerLimits.StreamHighBytes"/>
/// would be unsent, until half of them are. For HEAD, or a status without a body, content is
/// counted and not sent.
/// </remarks>
public sealed class StreamResponse : Response
{
    private ServerChannel? _channel;
    private ResponseSink? _sink;

    /// <summary>A response that is not begun.</summary>
    /// <param name="status">The status code, 200 to 599.</param>
    /// <param name="contentLength">The length of the body in bytes, if it is known.</param>
    public StreamResponse(int status = 200, long? contentLength = null) : base(status)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contentLength ?? 0, 0);
        BodyBytes = contentLength ?? -1;
    }

    /// <summary>True once the head is written and fixed.</summary>
    public bool IsPrepared => _sink is not null;

    /// <summary>
    /// True once the client has disconnected (<see cref="Request.Aborted"/>): end the stream. The
    /// next write throws, unless the client has only ended its own stream.
    /// </summary>
    public bool IsClientGone => _channel is { Peer: not PeerState.Present };

    /// <summary>
    /// True if trailer fields will be sent: announced, the body chunked, and the client sent <c>TE:
    /// trailers</c>. Known once prepared.
    /// </summary>
    public bool SendsTrailers { get; private set; }

    internal override long BodyBytes { get; }

    private ResponseTrailers? Trailers { get; set; }

    private bool HasEnded => _sink?.IsOpenFor(this) == false;

    /// <summary>
    /// Announces a trailer field whose value follows the body, such as a checksum; dropped if the
    /// client accepts none.
    /// </summary>
    /// <exception cref="ArgumentException">It belongs in the head, or is no token.</exception>
    /// <exception cref="InvalidOperationException">The head was written.</exception>
    public void AnnounceTrailer(string name)
    {
        if (IsPrepared)
        {
            throw new InvalidOperationException(
                "Trailers are announced in the head, which was written: announce them before "
                + "Prepare.");
        }

        (Trailers ??= new ResponseTrailers()).Announce(name);
    }

    /// <summary>Gives an announced trailer field its value.</summary>
    /// <exception cref="ArgumentException">The value is invalid.</exception>
    /// <exception cref="InvalidOperationException">
    /// It was not announced, or the response has ended.
    /// </exception>
    public void SetTrailer(string name, string value)
    {
        if (HasEnded)
        {
            throw new InvalidOperationException("The response has ended.");
        }

        (Trailers ?? new ResponseTrailers()).Set(name, value);
    }

    /// <summary>Writes the head.</summary>
    /// <exception cref="InvalidOperationException">
    /// It was prepared before, or the request was answered.
    /// </exception>
    public void Prepare(Request request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (IsPrepared)
        {
            throw new InvalidOperationException("The response was prepared already.");
        }

        // Asked for first: it throws if the request has ended.
        Protocol.RequestHead head = request.Head;
        SendsTrailers = Trailers is not null && BodyBytes < 0 && head.VersionMinor > 0
            && ResponseRules.TakesTrailers(head);
        RequestContext context = request.Context;
        context.Writer.Begin(this, SendsTrailers ? Trailers : null);
        _sink = context.Writer.Sink;
        _channel = context.Channel;
    }

    /// <summary>Sends a piece of the body; waits while the client does not take it.</summary>
    /// <exception cref="InvalidOperationException">
    /// It is not prepared, it has ended, or this is more than the length that was announced.
    /// </exception>
    /// <exception cref="Reactor.Net.ConnectionResetException">
    /// The client has disconnected, as an earlier write or read has found. Unhandled, it ends the
    /// handler and is not logged.
    /// </exception>
    public Coroutine WriteAsync(ReadOnlyMemory<byte> data) =>
        _sink?.WriteAsync(this, data) ?? WriteUnprepared();

    /// <summary>Ends the body and sends what is left of it. Idempotent.</summary>
    public async Coroutine WriteEofAsync()
    {
        if (_sink is { } sink && !HasEnded)
        {
            sink.End();
            await _channel!.FlushAsync();
        }
    }

    /// <summary>Ends the body; the server calls it when the handler returns.</summary>
    internal override async Coroutine SendAsync(ResponseWriter writer)
    {
        if (_sink is null)
        {
            throw new InvalidOperationException(
                "A StreamResponse must be prepared by its handler.");
        }

        if (!ReferenceEquals(writer.Sink.Response, this))
        {
            throw new InvalidOperationException(
                "The handler returned another response than the one that it had begun.");
        }

        if (!_sink.IsShort)
        {
            _sink.End();
        }
    }

    private static async Coroutine WriteUnprepared() =>
        throw new InvalidOperationException("Prepare the response first.");
}
