namespace Reactor.Http;

/// <summary>
/// An answer whose body is made while it is sent (aiohttp: <c>web.StreamResponse</c>): prepare,
/// write in pieces, return it from the handler, which ends it. With a length it is sent as it is;
/// without one in chunks, or to an HTTP/1.0 client until the connection closes.
/// </summary>
/// <remarks>
/// Loop thread only. Each write waits until the peer takes it, so memory stays bounded.
/// </remarks>
public sealed class StreamResponse : Response
{
    private HttpConnection? _connection;
    private long _written;
    private bool _isEnded;
    private int _turnBytes;

    /// <summary>What a small write counts as: the system call costs more than its bytes.</summary>
    private const int WriteBytesMin = 4096;

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
    /// True once the client can be sent nothing more: what is written from now on is dropped. A
    /// handler that streams without end looks at it, or it would never end.
    /// </summary>
    public bool IsClientGone => _connection is { IsOutputBroken: true };

    internal override long BodyBytes { get; }

    /// <summary>True if as many bytes were written as the head said.</summary>
    internal bool IsComplete => BodyBytes < 0 || _written == BodyBytes;

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

        _ = request.Head; // or this would be written into the answer to another request
        _connection = request.Connection;
        _connection.BeginStream(this);
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
        while (!data.IsEmpty)
        {
            int length = _connection.WriteStreamPiece(data.Span);
            data = data[length..];
            _turnBytes += Math.Max(length, WriteBytesMin);
            if (!_connection.TryFlush())
            {
                _turnBytes = 0;
                await _connection.FlushOutput();
            }
            else if (_turnBytes >= _connection.StreamBytesPerTurn || _connection.IsOutputBroken)
            {
                // A client that keeps up, or is gone, never makes us wait: others want their turn.
                _turnBytes = 0;
                await EventLoop.Yield();
            }
        }
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

    /// <summary>Ends the body; the server calls it when the handler returns.</summary>
    internal void End()
    {
        if (!_isEnded)
        {
            _isEnded = true;
            _connection!.EndStream();
        }
    }
}
