using System.Net.Sockets;

namespace Reactor.Net;

/// <summary>
/// The writing half of a transport: what the kernel does not take at once is sent block by block.
/// The bound ends a connection whose protocol ignores the water marks.
/// </summary>
/// <remarks>
/// Loop thread only. One block a turn, so that a fast peer leaves other connections their turn.
/// </remarks>
internal sealed class TransportWriter
{
    private readonly ConnectionTransport _transport;
    private readonly Connection _connection;
    private readonly OutgoingChain _outgoing;
    private readonly OperationCallback _sent;
    private readonly long _bytesMax;
    private readonly int _defaultHigh;
    private long _position;

    public TransportWriter(
        ConnectionTransport transport, Connection connection, LoopContext context,
        TransportOptions options)
    {
        _transport = transport;
        _connection = connection;
        _outgoing = connection.Writer;
        _sent = new OperationCallback(connection.Loop, context, OnSent);
        _bytesMax = options.WriteBufferBytesMax;
        _defaultHigh = options.WriteBufferHighBytes;
        SetLimits(options.WriteBufferHighBytes, options.WriteBufferLowBytes);
    }

    public long UnsentBytes => _outgoing.UnsentBytes;

    public (int Low, int High) Limits { get; private set; }

    public void SetLimits(int? high, int? low)
    {
        int top = high ?? (low is { } given ? Math.Min(given, int.MaxValue / 2) * 2 : _defaultHigh);
        int bottom = low ?? top / 2;
        if (bottom < 0 || top < bottom)
        {
            throw new ArgumentException(
                $"high ({top}) must be at least low ({bottom}), and low at least 0.");
        }

        Limits = (bottom, top);
        PauseIfHigh();
    }

    public void Write(ReadOnlySpan<byte> data)
    {
        if (_connection.HasOutputEnded)
        {
            throw new InvalidOperationException("Cannot call Write() after WriteEof().");
        }

        if (data.IsEmpty || _transport.IsClosing)
        {
            return;
        }

        if (UnsentBytes == 0)
        {
            data = data[_outgoing.SendNow(data)..];
        }

        if (_outgoing.IsBroken)
        {
            _transport.EndWith(_outgoing.Error);
        }
        else
        {
            Buffer(data);
        }
    }

    public void WriteEof()
    {
        if (_connection.HasOutputEnded || _transport.IsClosing)
        {
            return;
        }

        _connection.Writer.NoteEnd();
        if (UnsentBytes == 0)
        {
            _connection.Socket.ShutdownSend();
        }
    }

    private void Buffer(ReadOnlySpan<byte> data)
    {
        if (data.Length > _bytesMax - UnsentBytes)
        {
            _transport.Fail(
                "Fatal error: the write buffer of a transport is full.",
                new InvalidOperationException(
                    $"{UnsentBytes} bytes wait for the peer to read, and {data.Length} more "
                    + $"go beyond {nameof(TransportOptions.WriteBufferBytesMax)} ({_bytesMax}): "
                    + "stop writing between PauseWriting() and ResumeWriting(), or raise it."));
            return;
        }

        _outgoing.Append(data);
        SendHead();
        PauseIfHigh();
    }

    private void SendHead()
    {
        if (UnsentBytes > 0 && !_sent.IsWaiting)
        {
            _position = _outgoing.SentBytes;
            _sent.Await(_outgoing.BeginSendAsync());
        }
    }

    private void OnSent(SocketError error)
    {
        if (_connection.IsClosed)
        {
            return;
        }

        _outgoing.Settle(_position, error);
        if (_outgoing.IsBroken)
        {
            _transport.EndWith(_outgoing.Error);
            return;
        }

        SendHead();
        try
        {
            if (_outgoing.IsPaused && UpdatePause())
            {
                _transport.Call(
                    "resume_writing", _transport.Protocol, static it => it.ResumeWriting());
            }
        }
        finally
        {
            EndIfAllSent();
        }
    }

    private void EndIfAllSent()
    {
        if (UnsentBytes > 0 || _connection.IsClosed)
        {
            return;
        }

        if (_connection.HasOutputEnded)
        {
            _connection.Socket.ShutdownSend();
        }

        _transport.OnAllSent();
    }

    private void PauseIfHigh()
    {
        if (!_outgoing.IsPaused && UpdatePause())
        {
            _transport.Call("pause_writing", _transport.Protocol, static it => it.PauseWriting());
        }
    }

    private bool UpdatePause() => _outgoing.UpdatePause(Limits.Low, Limits.High);
}
