using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// The reading half of a transport: receives once a turn for the protocol and holds no buffer in
/// between.
/// </summary>
/// <remarks>
/// Loop thread only. Once a turn, so that a fast peer leaves other connections theirs.
/// </remarks>
internal sealed class TransportReader
{
    private readonly ConnectionTransport _transport;
    private readonly Connection _connection;
    private readonly OperationCallback _readable;
    private bool _hasBegun;
    private bool _isPaused;
    private bool _hasEnded;

    public TransportReader(
        ConnectionTransport transport, Connection connection, LoopContext context)
    {
        _transport = transport;
        _connection = connection;
        _readable = new OperationCallback(connection.Loop, context, OnReadable);
    }

    public bool IsReading => !_isPaused && !_hasEnded && !_transport.IsClosing;

    public void Begin()
    {
        _hasBegun = true;
        WaitIfReading();
    }

    public void Pause() => _isPaused = true;

    public void Resume()
    {
        _isPaused = false;
        WaitIfReading();
    }

    // A wait from before a pause is joined.
    private void WaitIfReading()
    {
        if (_hasBegun && IsReading && !_readable.IsWaiting)
        {
            _readable.Await(_connection.Socket.WaitReadableAsync());
        }
    }

    private void OnReadable(SocketError outcome)
    {
        if (!IsReading)
        {
            return; // paused or closed meanwhile: bytes stay in the kernel
        }

        try
        {
            if (_transport.Protocol is IBufferedProtocol buffered)
            {
                ReceiveInto(buffered);
            }
            else
            {
                ReceiveCopy();
            }
        }
        finally
        {
            WaitIfReading(); // also after an exception that stops the loop
        }
    }

    private void ReceiveCopy()
    {
        BlockPool pool = _connection.Pool;
        byte[] block = pool.Rent();
        try
        {
            IoResult received = _connection.Socket.Receive(block);
            if (received.Bytes > 0)
            {
                TellData(block.AsSpan(0, received.Bytes));
            }
            else
            {
                OnNoBytes(received.Error);
            }
        }
        finally
        {
            pool.Return(block);
        }
    }

    private void TellData(ReadOnlySpan<byte> data)
    {
        try
        {
            _transport.Protocol.DataReceived(data);
        }
        catch (Exception error) when (error is not LoopAbortException)
        {
            _transport.Fail("Fatal error: protocol.data_received() call failed.", error);
        }
    }

    private void ReceiveInto(IBufferedProtocol protocol)
    {
        Memory<byte> buffer = GetBuffer(protocol);
        if (!IsReading)
        {
            return; // GetBuffer failed, or paused or closed the transport
        }

        IoResult received = _connection.Socket.Receive(buffer.Span);
        if (received.Bytes == 0)
        {
            OnNoBytes(received.Error);
            return;
        }

        _transport.Call(
            "buffer_updated",
            (protocol, received.Bytes),
            static it => it.protocol.BufferUpdated(it.Bytes));
    }

    private Memory<byte> GetBuffer(IBufferedProtocol protocol)
    {
        try
        {
            Memory<byte> buffer = protocol.GetBuffer(BlockPool.BlockBytes);
            return buffer.IsEmpty
                ? throw new InvalidOperationException("GetBuffer() returned an empty buffer.")
                : buffer;
        }
        catch (Exception error) when (error is not LoopAbortException)
        {
            _transport.Fail("Fatal error: protocol.get_buffer() call failed.", error);
            return default;
        }
    }

    private void OnNoBytes(SocketError error)
    {
        if (error == SocketError.WouldBlock)
        {
            return; // a spurious wake-up
        }

        _hasEnded = true;
        _connection.OnReceiveEnded(error);
        if (error != SocketError.Success)
        {
            _transport.EndWith(error);
            return;
        }

        _transport.Call("eof_received", _transport, static transport =>
        {
            if (!transport.Protocol.EofReceived())
            {
                transport.Close();
            }
        });
    }
}
