using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// A connected socket of the runtime. Waiting for bytes is a receive of none, which holds no
/// buffer; receiving and sending are plain non-blocking calls on the loop thread, and only what
/// the kernel does not take at once becomes an asynchronous send.
/// </summary>
internal sealed class SocketsSocket : DriverSocket
{
    private readonly SocketsDriver _driver;
    private readonly Socket _socket;
    private readonly SocketsOperation _readable;
    private SocketsOperation? _send;

    // Linux tells the failure of a connection once, to whoever asks first, and from then on says
    // that the stream has ended. A wait may be who asks; the receive must still tell it.
    private SocketError _failure;
    private bool _isClosed;

    public SocketsSocket(SocketsDriver driver, Socket socket, bool noDelay)
    {
        _driver = driver;
        _socket = socket;
        socket.Blocking = false; // or Receive and Send would wait
        if (noDelay && socket.ProtocolType == ProtocolType.Tcp)
        {
            socket.NoDelay = true;
        }

        // The runtime has it since the accept; kept, because a log wants it after the close.
        RemoteEndPoint = socket.RemoteEndPoint;
        _readable = new SocketsOperation(driver);
    }

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint => _isClosed ? null : _socket.LocalEndPoint;

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint { get; }

    /// <inheritdoc/>
    public override SafeHandle? Descriptor => _isClosed ? null : _socket.SafeHandle;

    /// <inheritdoc/>
    public override OperationAwaitable WaitReadable()
    {
        AssertOpen();
        if (!_readable.IsInFlight && !WaitHasFailed())
        {
            _readable.Begin();
            try
            {
                if (!_socket.ReceiveAsync(_readable.Arguments))
                {
                    _readable.CompleteAtOnce(_readable.Arguments.SocketError);
                }
            }
            catch (Exception error) when (SocketsOperation.IsRefusal(error))
            {
                _readable.CompleteAtOnce(SocketError.NoBufferSpaceAvailable);
            }
        }

        return new OperationAwaitable(_readable);
    }

    /// <inheritdoc/>
    public override IoResult Receive(Span<byte> buffer)
    {
        AssertOpen();
        if (WaitHasFailed())
        {
            return new IoResult(0, _failure);
        }

        int received = _socket.Receive(buffer, SocketFlags.None, out SocketError error);
        return new IoResult(received, error);
    }

    /// <inheritdoc/>
    public override IoResult Send(ReadOnlySpan<byte> data)
    {
        AssertOpen();
        int sent = _socket.Send(data, SocketFlags.None, out SocketError error);
        return new IoResult(sent, error);
    }

    /// <inheritdoc/>
    public override OperationAwaitable SendAll(ReadOnlyMemory<byte> data)
    {
        AssertOpen();
        _send ??= new SocketsOperation(_driver);
        _send.Begin();
        _send.Arguments.SetBuffer(System.Runtime.InteropServices.MemoryMarshal.AsMemory(data));
        try
        {
            if (!_socket.SendAsync(_send.Arguments))
            {
                _send.CompleteAtOnce(_send.Arguments.SocketError);
            }
        }
        catch (Exception error) when (SocketsOperation.IsRefusal(error))
        {
            _send.CompleteAtOnce(SocketError.NoBufferSpaceAvailable);
        }

        return new OperationAwaitable(_send);
    }

    /// <inheritdoc/>
    public override long? AcknowledgedBytes =>
        _isClosed ? null : TcpInfo.AcknowledgedBytes(_socket);

    /// <inheritdoc/>
    /// <remarks>
    /// The runtime has no form of this call on Linux. The descriptor cannot be closed meanwhile:
    /// only the loop thread closes it.
    /// </remarks>
    public override long? UnacknowledgedBytes => _isClosed || !OperatingSystem.IsLinux()
        ? null
        : NativeSocket.UnacknowledgedBytes((int)_socket.SafeHandle.DangerousGetHandle());

    /// <inheritdoc/>
    public override SocketError Failure
    {
        get
        {
            if (!WaitHasFailed() && !_isClosed && OperatingSystem.IsLinux())
            {
                _failure = NativeSocket.TakeFailure(
                    (int)_socket.SafeHandle.DangerousGetHandle());
            }

            return _failure;
        }
    }

    /// <inheritdoc/>
    public override void ShutdownSend()
    {
        AssertOpen();
        ShutdownNow();
    }

    /// <inheritdoc/>
    public override void Close(bool reset)
    {
        AssertOpen();
        _isClosed = true;
        if (reset)
        {
            _socket.Close(0); // lingers for no time: the kernel sends a reset
        }
        else
        {
            if (_readable.IsInFlight && _send is not { IsInFlight: true })
            {
                // Cancelling the wait would make the runtime close with a reset, unless the end of
                // the stream was sent before.
                ShutdownNow();
            }

            _socket.Dispose();
        }

        _readable.Retire();
        _send?.Retire();
    }

    // Whether a wait was told a failure, where it began or later.
    private bool WaitHasFailed()
    {
        if (_failure == SocketError.Success && !_readable.IsInFlight)
        {
            _failure = _readable.Result;
        }

        return _failure != SocketError.Success;
    }

    private void ShutdownNow()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The peer was faster: what is not connected needs no end of stream. The framework has
            // no form of this call that returns its error; on Linux it passes over this one itself.
        }
    }

    [Conditional("DEBUG")]
    private void AssertOpen() => Debug.Assert(!_isClosed, "the socket was closed");
}
