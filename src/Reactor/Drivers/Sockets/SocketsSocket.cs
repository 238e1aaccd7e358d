using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// A connected socket of the runtime. The wait for bytes is a zero-byte receive, which holds no
/// buffer; receive and send are non-blocking calls on the loop thread.
/// </summary>
internal sealed class SocketsSocket : DriverSocket
{
    private readonly SocketsDriver _driver;
    private readonly Socket _socket;
    private readonly SocketsOperation _readable;
    private SocketsOperation? _send;

    // Linux reports a failure once and the end of the stream from then on. If a wait gets it, the
    // receive must still report it.
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

        // Kept, because a log needs it after the close.
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
    public override OperationAwaitable WaitReadableAsync()
    {
        AssertOpen();
        if (!_readable.IsInFlight && !WaitHasFailed())
        {
            _readable.Start(_socket, static (socket, call) => socket.ReceiveAsync(call));
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

        return new IoResult(
            _socket.Receive(buffer, SocketFlags.None, out SocketError error), error);
    }

    /// <inheritdoc/>
    public override IoResult Send(ReadOnlySpan<byte> data)
    {
        AssertOpen();
        return new IoResult(_socket.Send(data, SocketFlags.None, out SocketError error), error);
    }

    /// <inheritdoc/>
    public override OperationAwaitable SendAllAsync(ReadOnlyMemory<byte> data)
    {
        AssertOpen();
        _send ??= new SocketsOperation(_driver);
        _send.Arguments.SetBuffer(MemoryMarshal.AsMemory(data));
        _send.Start(_socket, static (socket, call) => socket.SendAsync(call));

        return new OperationAwaitable(_send);
    }

    /// <inheritdoc/>
    public override long? GetAcknowledgedBytes() =>
        OpenDescriptor() is { } open ? NativeSocket.AcknowledgedBytes(open) : null;

    /// <inheritdoc/>
    public override long? GetUnacknowledgedBytes() =>
        OpenDescriptor() is { } open ? NativeSocket.UnacknowledgedBytes(open) : null;

    /// <inheritdoc/>
    public override SocketError GetFailure()
    {
        if (!WaitHasFailed() && OpenDescriptor() is { } open)
        {
            _failure = NativeSocket.TakeFailure(open);
        }

        return _failure;
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
                // Cancelling the wait makes the runtime reset the connection unless the end of the
                // stream was sent before.
                ShutdownNow();
            }

            _socket.Dispose();
        }

        _readable.Retire();
        _send?.Retire();
    }

    // For calls that the runtime lacks, on Linux. Only the loop thread closes the descriptor.
    private int? OpenDescriptor() => _isClosed || !OperatingSystem.IsLinux()
        ? null
        : (int)_socket.SafeHandle.DangerousGetHandle();

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
            // No longer connected, so no end of the stream is needed.
        }
    }

    [Conditional("DEBUG")]
    private void AssertOpen() => Debug.Assert(!_isClosed, "the socket was closed");
}
