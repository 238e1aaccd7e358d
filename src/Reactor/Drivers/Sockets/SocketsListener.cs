using System.Net;
using System.Net.Sockets;

namespace Reactor.Drivers;

/// <summary>
/// A listening socket of the runtime with one accept in flight, whose outcome waits for the loop.
/// </summary>
internal sealed class SocketsListener : DriverListener
{
    private readonly SocketsDriver _driver;
    private readonly Socket _socket;
    private readonly ListenOptions _options;
    private readonly UnixPath? _path;
    private readonly bool _isOwn; // not handed over: it serves no other process
    private readonly SocketsOperation _accept;
    private bool _hasOutcome;
    private bool _hasShed;
    private bool _isClosed;
    private bool _isFinal;
    private bool _isAsked;

    public SocketsListener(
        SocketsDriver driver, Socket socket, ListenOptions options, bool isOwn,
        UnixPath? path = null)
    {
        _isOwn = isOwn;
        _path = path;
        _driver = driver;
        _socket = socket;
        _options = options;
        _accept = new AcceptOperation(this, driver);
        LocalEndPoint = socket.LocalEndPoint!;
    }

    /// <inheritdoc/>
    public override EndPoint LocalEndPoint { get; }

    /// <inheritdoc/>
    public override OperationAwaitable WaitAcceptableAsync()
    {
        BeginAccept();
        return new OperationAwaitable(_accept);
    }

    /// <inheritdoc/>
    public override AcceptResult Accept()
    {
        BeginAccept();
        if (!_hasOutcome)
        {
            return _isFinal ? AcceptNow() : new AcceptResult(null, SocketError.WouldBlock);
        }

        _hasOutcome = false;
        Socket? accepted = _accept.Arguments.AcceptSocket;
        _accept.Arguments.AcceptSocket = null;
        SocketError error = _accept.Arguments.SocketError;
        if (error != SocketError.Success)
        {
            accepted?.Dispose();
            // If the runtime has no name for the errno, the next call tells.
            return _isFinal || (error == SocketError.SocketError && OperatingSystem.IsLinux())
                ? AcceptNow()
                : new AcceptResult(null, error);
        }

        return Take(accepted!);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The runtime's thread may not have seen a connection yet, which a close would reset. Only on
    /// Linux: the runtime's own accept would wait.
    /// </remarks>
    public override AcceptResult AcceptLast()
    {
        AcceptResult accepted = Accept();
        return accepted.Error != SocketError.WouldBlock || _isClosed || !OperatingSystem.IsLinux()
            ? accepted
            : AcceptNow();
    }

    /// <inheritdoc/>
    public override bool StopAdmitting()
    {
        if (_isClosed || !_isOwn || !OperatingSystem.IsLinux())
        {
            return false;
        }

        int descriptor = (int)_socket.SafeHandle.DangerousGetHandle();
        if (LocalEndPoint.AddressFamily != AddressFamily.Unix)
        {
            return Admission.DropSyns(descriptor);
        }

        _isFinal |= Admission.RefuseConnects(descriptor);
        return false;
    }

    /// <inheritdoc/>
    public override bool IsBrokenBy(SocketError error) => OperatingSystem.IsLinux()
        ? !NativeSocket.IsListening((int)_socket.SafeHandle.DangerousGetHandle())
        : base.IsBrokenBy(error) || error == SocketError.InvalidArgument;

    /// <inheritdoc/>
    public override bool ShedOne()
    {
        if (_hasShed)
        {
            _hasShed = false;
            return true;
        }

        if (_isClosed || _hasOutcome || _accept.IsInFlight)
        {
            return false;
        }

        try
        {
            if (!_driver.Reserve.Release())
            {
                return false;
            }

            _socket.Blocking = false; // or the accept would wait if the client is gone
            _socket.Accept().Dispose();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        finally
        {
            _driver.Reserve.Fill();
        }
    }

    /// <inheritdoc/>
    public override void Close()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        bool waitsForNothing = _isFinal && _accept.IsInFlight && !_isAsked;
        _path?.Remove();
        _socket.Dispose();
        if (_hasOutcome)
        {
            _hasOutcome = false;
            _accept.Arguments.AcceptSocket?.Dispose();
        }

        if (waitsForNothing)
        {
            _accept.Complete(SocketError.OperationAborted);
        }

        _accept.Retire();
    }

    /// <summary>Accepts without the runtime, on Linux: at once, and with the errno.</summary>
    private unsafe AcceptResult AcceptNow()
    {
        int descriptor;
        int errno;
        do
        {
            descriptor = Libc.Accept(
                (int)_socket.SafeHandle.DangerousGetHandle(), null, null, Libc.SockCloseOnExec);
            errno = descriptor < 0 ? Errno.Last : 0;
        }
        while (errno == Errno.Interrupted);
        if (descriptor < 0)
        {
            bool isEmpty = _isFinal && errno == Errno.InvalidArgument;
            return new AcceptResult(
                null, isEmpty ? SocketError.WouldBlock : Errno.ToSocketError(errno));
        }

        return Take(new Socket(new SafeSocketHandle(descriptor, ownsHandle: true)));
    }

    private AcceptResult Take(Socket accepted)
    {
        if (DescriptorLimit.IsNear(accepted.SafeHandle.DangerousGetHandle()))
        {
            accepted.Dispose();
            _hasShed = true; // this client was turned away
            return new AcceptResult(null, SocketError.TooManyOpenSockets);
        }

        return new AcceptResult(
            new SocketsSocket(_driver, accepted, _options.NoDelay), SocketError.Success);
    }

    private void BeginAccept()
    {
        if (_hasOutcome || _accept.IsInFlight || _isClosed)
        {
            return;
        }

        _isAsked = !_isFinal;
        if (_isAsked)
        {
            _accept.Start(_socket, static (socket, call) => socket.AcceptAsync(call));
            _hasOutcome = !_accept.IsInFlight;
        }
        else
        {
            _accept.Begin(); // Accept asks the kernel, and the close ends the wait
        }
    }

    private sealed class AcceptOperation(SocketsListener listener, SocketsDriver driver)
        : SocketsOperation(driver)
    {
        public override void OnCompleted()
        {
            if (listener._isClosed)
            {
                Arguments.AcceptSocket?.Dispose();
            }
            else
            {
                listener._hasOutcome = true;
            }

            base.OnCompleted();
        }
    }
}
