using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// The writing half of a transport: what the kernel does not take at once lies in rented blocks and
/// is sent one block after the other as the peer reads. The marks tell the protocol when to pause
/// and when to go on; the bound ends a connection whose protocol does not listen.
/// </summary>
/// <remarks>
/// Loop thread only. One block a turn, so that a fast peer leaves the other connections their turn.
/// </remarks>
internal sealed class TransportWriter
{
    private readonly ConnectionTransport _transport;
    private readonly Connection _connection;
    private readonly OperationWork _work;
    private BlockChain _unsent;
    private readonly long _bytesMax;
    private readonly int _defaultHigh;
    private int _sendBytes;
    private bool _isPaused;

    public TransportWriter(
        ConnectionTransport transport,
        Connection connection,
        LoopContext context,
        TransportOptions options)
    {
        _transport = transport;
        _connection = connection;
        _work = new OperationWork(connection.Loop, context, OnSent);
        _bytesMax = options.WriteBufferBytesMax;
        _defaultHigh = options.WriteBufferHighBytes;
        SetLimits(options.WriteBufferHighBytes, options.WriteBufferLowBytes);
    }

    public long UnsentBytes => _unsent.Length;

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

        if (_unsent.Length == 0)
        {
            IoResult sent = _connection.Socket.Send(data);
            if (!sent.IsSuccess && !sent.IsNotNow)
            {
                EndWith(sent.Error);
                return;
            }

            data = data[sent.Bytes..];
        }

        Buffer(data);
    }

    public void WriteEof()
    {
        if (_connection.HasOutputEnded || _transport.IsClosing)
        {
            return;
        }

        _connection.NoteOutputEnded();
        if (_unsent.Length == 0)
        {
            _connection.Socket.ShutdownSend();
        }
    }

    /// <summary>The connection is closed: what was not sent is dropped.</summary>
    public void OnClosed()
    {
        if (_sendBytes > 0)
        {
            _unsent.Abandon(); // the kernel may still read from the block
        }
        else
        {
            _unsent.Clear();
        }
    }

    private void Buffer(ReadOnlySpan<byte> data)
    {
        if (data.Length > _bytesMax - _unsent.Length)
        {
            _transport.Fail(
                "Fatal error: the write buffer of a transport is full.",
                new InvalidOperationException(
                    $"{_unsent.Length} bytes wait for the peer to read, and {data.Length} more "
                    + $"go beyond {nameof(TransportOptions.WriteBufferBytesMax)} ({_bytesMax}): "
                    + "stop writing between PauseWriting() and ResumeWriting(), or raise it."));
            return;
        }

        while (!data.IsEmpty)
        {
            BlockSegment tail = _unsent.TailWith(_connection.Pool, 1);
            int bytes = Math.Min(tail.FreeBytes, data.Length);
            data[..bytes].CopyTo(tail.FreeSpan());
            _unsent.Extend(bytes);
            data = data[bytes..];
        }

        SendHead();
        PauseIfHigh();
    }

    // What is written to a block behind the part that is being sent does not disturb the send.
    private void SendHead()
    {
        if (_unsent.Length == 0 || _sendBytes > 0)
        {
            return;
        }

        BlockSegment head = _unsent.Head!;
        _sendBytes = head.End - _unsent.HeadOffset;
        _work.Await(_connection.Socket.SendAll(
            head.Block.AsMemory(_unsent.HeadOffset, _sendBytes)));
    }

    private void OnSent(SocketError error)
    {
        if (_connection.IsClosed)
        {
            return;
        }

        int sent = _sendBytes;
        _sendBytes = 0;
        if (error != SocketError.Success)
        {
            EndWith(error);
            return;
        }

        _unsent.Consume(sent);
        SendHead();
        try
        {
            ResumeIfLow(); // it may write, and it may close
        }
        finally
        {
            EndIfAllSent();
        }
    }

    private void EndIfAllSent()
    {
        if (_unsent.Length > 0 || _connection.IsClosed)
        {
            return;
        }

        if (_connection.HasOutputEnded)
        {
            _connection.Socket.ShutdownSend();
        }

        _transport.OnAllSent();
    }

    private void EndWith(SocketError error)
    {
        _connection.OnSendFailed(error);
        _transport.EndWith(error);
    }

    private void PauseIfHigh()
    {
        if (_isPaused || _unsent.Length <= Limits.High)
        {
            return;
        }

        _isPaused = true;
        try
        {
            _transport.Protocol.PauseWriting();
        }
        catch (Exception error) when (error is not LoopAbortException)
        {
            _transport.Fail("Fatal error: protocol.pause_writing() call failed.", error);
        }
    }

    private void ResumeIfLow()
    {
        if (!_isPaused || _unsent.Length > Limits.Low)
        {
            return;
        }

        _isPaused = false;
        try
        {
            _transport.Protocol.ResumeWriting();
        }
        catch (Exception error) when (error is not LoopAbortException)
        {
            _transport.Fail("Fatal error: protocol.resume_writing() call failed.", error);
        }
    }
}
