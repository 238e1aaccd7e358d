using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// The connection between two requests: since when, and how it is ended without losing a request
/// that arrives in that moment.
/// </summary>
internal sealed partial class HttpConnection
{
    /// <summary>
    /// The logarithm of the ticks in a span: 0.84 s. The number of a span is a byte and begins anew
    /// after 215 s.
    /// </summary>
    private const int SpanBits = 23;

    /// <summary>Where the time is not kept, so many spans are more than a second.</summary>
    private const int SpansMin = 3;

    /// <summary>
    /// How long it has waited for a request, nearly without end if its time is not limited; null if
    /// it does not, or a byte of one has been read.
    /// </summary>
    public TimeSpan? IdleTime
    {
        get
        {
            if (IsBusy || IsClosed || _connection.UnreadBytes > 0)
            {
                return null;
            }

            TimeSpan limit = _state == ConnectionState.New
                ? Options.FirstByteTimeout
                : Options.KeepAliveTimeout;
            return _phaseDue != TimeSpan.MaxValue
                ? Loop.Time - (_phaseDue - limit)
                : (byte)(IdleSpan(Loop.Time) - _idleSpan) < SpansMin
                    ? TimeSpan.Zero
                    : TimeSpan.MaxValue / 2;
        }
    }

    /// <summary>
    /// Ends a connection that waits for a request, without a word (RFC 9112 9.5), and in stages if
    /// the client has not acknowledged all that it was sent. False if a byte of a request has
    /// arrived that was not read yet: that request is answered. False too if room is needed and
    /// there is none yet, as the client has not acknowledged everything: the end begins only after
    /// <see cref="HttpServerOptions.SendIdleTimeout"/> then.
    /// </summary>
    /// <remarks>
    /// Bytes that arrive between the look and the close would make the kernel send only a reset. So
    /// the end of our stream goes first: a client that reuses the connection in this moment sees
    /// the end, by which it knows that it may try elsewhere (RFC 9112 9.6).
    /// </remarks>
    public bool TryCloseIdle(ConnectionEvent reason)
    {
        if (_connection.TryReceive() && !_connection.HasInputEnded)
        {
            _isBegun |= reason == ConnectionEvent.Shutdown;
            _connection.ReleaseReader();
            return false;
        }

        if (!_connection.IsDelivered)
        {
            bool isForRoom = reason == ConnectionEvent.RoomNeeded;
            if (isForRoom && IdleTime < Options.SendIdleTimeout)
            {
                return false; // its client may still read
            }

            // Input that arrived after a close would reset the connection: the task closes it.
            Move(ConnectionEvent.Undelivered);
            _connection.ReleaseReader();
            return !isForRoom; // that comes when all is delivered, or the client is late with it
        }

        Move(reason);
        _connection.ShutdownSend();
        _connection.Close(
            reason == ConnectionEvent.Shutdown ? CloseReason.Shutdown : CloseReason.Local);
        return true;
    }

    private static byte IdleSpan(TimeSpan moment) => (byte)(moment.Ticks >> SpanBits);

    /// <summary>Keeps the order of the server's connections, by spans: see there.</summary>
    private void NoteIdle()
    {
        byte span = IdleSpan(Loop.TurnTime);
        if (span != _idleSpan)
        {
            _idleSpan = span;
            _server.NoteIdle(this);
        }
    }
}
