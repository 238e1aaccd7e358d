using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// An answer whose body is made while it is sent (aiohttp: <c>web.StreamResponse</c>): prepare,
/// write in pieces, return it from the handler, which ends it. With a length it is sent as it is;
/// without one in chunks, or to an HTTP/1.0 client until the connection closes.
/// </summary>
/// <remarks>
/// Loop thread only. A write waits while <see cref="HttpServerOptions.StreamHighBytes"/> would be
/// unsent, until half of them are, so memory stays bounded. To HEAD, and with a status that has no
/// body, what is written is counted and not sent.
/// </remarks>
public sealed class StreamResponse : Response
{
    /// <summary>What a small write counts as: the system call costs more than its bytes.</summary>
    private const int WriteBytesMin = 4096;

    /// <summary>A piece, with the line of its chunk, fits into one block.</summary>
    private const int WriteBytesMax = BlockPool.BlockBytes - 64;

    private HttpConnection? _connection;
    private long _written;
    private bool _isEnded;
    private int _turnBytes;

    /// <summary>A response that is not begun.</summary>
    /// <param name="status">The status code, 200 to 599.</param>
    /// <param name="contentLength">The length of the body in bytes, if it is known.</param>
    public StreamResponse(int status = 200, long? contentLength = null)
        : base(status)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contentLength ?? 0, 0);
        BodyBytes = contentLength ?? -1;
    }

    /// <summary>True once the head was written: nothing of it can be changed.</summary>
    public bool IsPrepared => _connection is not null;

    /// <summary>
    /// True once the client was found to have gone, as <see cref="Request.Aborted"/> says: what is
    /// written from now on is dropped, or not read. A handler that streams without end looks at it,
    /// or it would never end.
    /// </summary>
    public bool IsClientGone => _connection is { Client: not ClientFate.Present };

    /// <summary>
    /// True if trailer fields will be sent: some were announced, the answer is chunked, and the
    /// client said <c>TE: trailers</c>. Known once it is prepared.
    /// </summary>
    public bool SendsTrailers { get; private set; }

    /// <summary>True once nothing more is written.</summary>
    internal bool IsEnded => _isEnded;

    internal ResponseTrailers? Trailers { get; private set; }

    internal override long BodyBytes { get; }

    /// <summary>True if as many bytes were written as the head said.</summary>
    internal bool IsComplete => BodyBytes < 0 || _written == BodyBytes;

    /// <summary>
    /// Announces a trailer field: one whose value is known after the body, such as a checksum. It
    /// is sent to a client that takes trailers, and dropped for any other.
    /// </summary>
    /// <exception cref="ArgumentException">It must stand in the head, or is no token.</exception>
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
    /// <exception cref="ArgumentException">The value may not be sent.</exception>
    /// <exception cref="InvalidOperationException">
    /// It was not announced, or the response has ended.
    /// </exception>
    public void SetTrailer(string name, string value)
    {
        if (_isEnded)
        {
            throw new InvalidOperationException("The response has ended.");
        }

        (Trailers ?? new ResponseTrailers()).Set(name, value);
    }

    /// <summary>Writes the head.</summary>
    /// <param name="request">The request that this answers.</param>
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

        // Asked for first, or this would be written into the answer to another request.
        Protocol.RequestHead head = request.Head;
        SendsTrailers = Trailers is not null && BodyBytes < 0 && head.VersionMinor > 0
            && ResponseRules.TakesTrailers(head);
        request.Connection.BeginStream(this);
        _connection = request.Connection;
    }

    /// <summary>Sends a piece of the body, and waits while the peer does not take it.</summary>
    /// <exception cref="InvalidOperationException">
    /// It is not prepared, it has ended, or this is more than the length that was announced.
    /// </exception>
    public async Coroutine WriteAsync(ReadOnlyMemory<byte> data)
    {
        if (_connection is null || _isEnded)
        {
            throw new InvalidOperationException(
                _isEnded ? "The response has ended." : "Prepare the response first.");
        }

        if (BodyBytes >= 0 && data.Length > BodyBytes - _written)
        {
            throw new InvalidOperationException(
                $"This is more than the {BodyBytes} bytes that the response announced.");
        }

        _written += data.Length;
        try
        {
            while (!data.IsEmpty)
            {
                int length = Math.Min(
                    data.Length, Math.Min(_connection.Options.StreamHighBytes / 2, WriteBytesMax));
                if (MustWait(_connection, length))
                {
                    await MakeRoom(_connection, length);
                    if (_isEnded)
                    {
                        // Its handler did not wait for us; what comes next is another answer.
                        throw new InvalidOperationException("The response has ended.");
                    }
                }

                _connection.Writer.WriteStreamPiece(data.Span[..length]);
                data = data[length..];
                _turnBytes += Math.Max(length, WriteBytesMin);
            }
        }
        finally
        {
            _written -= data.Length; // what a cancelled write did not get to was not sent
        }

        _connection.Writer.FlushSoon();
    }

    /// <summary>Ends the body and sends what is left of it. Again is harmless.</summary>
    public async Coroutine WriteEof()
    {
        if (_connection is { } connection && !_isEnded)
        {
            End();
            await connection.FlushOutput();
        }
    }

    /// <summary>Nothing more is written, and nothing of it will be sent.</summary>
    internal void GiveUp() => _isEnded = true;

    /// <summary>Ends the body; the server calls it when the handler returns.</summary>
    internal void End()
    {
        if (!_isEnded)
        {
            _isEnded = true;
            _connection!.Writer.EndStream();
        }
    }

    private bool MustWait(HttpConnection connection, int length) =>
        connection.Writer.UnsentBytes > connection.Options.StreamHighBytes - length
        || _turnBytes >= connection.Options.StreamBytesPerTurn
        || connection.IsOutputBroken;

    private async Coroutine MakeRoom(HttpConnection connection, int length)
    {
        ResponseWriter writer = connection.Writer;
        int unsentMax = connection.Options.StreamHighBytes - length;
        if (writer.UnsentBytes > unsentMax)
        {
            writer.FlushSoon();
            if (writer.UnsentBytes > unsentMax)
            {
                _turnBytes = 0;
                await writer.FlushTo(connection.Options.StreamHighBytes / 2);
            }
        }

        if (_turnBytes >= connection.Options.StreamBytesPerTurn || connection.IsOutputBroken)
        {
            // A client that keeps up, or is gone, never makes us wait: others want their turn.
            writer.FlushSoon();
            _turnBytes = 0;
            await EventLoop.Yield();
        }
    }
}
