using System.Net;
using System.Net.Sockets;

namespace Reactor.Drivers;

/// <summary>
/// A listening socket of the runtime. One accept is in flight; what it brings is kept until the
/// loop asks for it.
/// </summary>
internal sealed class SocketsListener : DriverListener
{
    private readonly SocketsDriver _driver;
    private readonly Socket _socket;
    private readonly ListenOptions _options;
    private readonly SocketsOperation _accept;
    private bool _hasOutcome;
    private bool _hasShed;
    private bool _isClosed;

    public SocketsListener(SocketsDriver driver, Socket socket, ListenOptions options)
    {
        _driver = driver;
        _socket = socket;
        _options = options;
        _accept = new AcceptOperation(this, driver);
        LocalEndPoint = socket.LocalEndPoint!;
    }

    /// <inheritdoc/>
    public override EndPoint LocalEndPoint { get; }

    /// <inheritdoc/>
    public override OperationAwaitable WaitAcceptable()
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
            return new AcceptResult(null, SocketError.WouldBlock);
        }

        _hasOutcome = false;
        Socket? accepted = _accept.Arguments.AcceptSocket;
        _accept.Arguments.AcceptSocket = null;
        SocketError error = _accept.Arguments.SocketError;
        if (error != SocketError.Success)
        {
            accepted?.Dispose();
            return error == SocketError.SocketError && OperatingSystem.IsLinux()
                ? AcceptNow() // an errno for which the runtime has no name: see what it is
                : new AcceptResult(null, error);
        }

        return Take(accepted!);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The runtime's thread may be about to learn of a connection that is there already; whoever
    /// closed now would reset it. Only Linux is asked directly: the runtime itself would wait.
    /// </remarks>
    public override AcceptResult AcceptLast()
    {
        AcceptResult accepted = Accept();
        return accepted.Error != SocketError.WouldBlock || _isClosed || !OperatingSystem.IsLinux()
            ? accepted
            : AcceptNow();
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

            _socket.Blocking = false; // or the accept would wait if the client has gone meanwhile
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
        _socket.Dispose();
        if (_hasOutcome)
        {
            _hasOutcome = false;
            _accept.Arguments.AcceptSocket?.Dispose();
        }

        _accept.Retire();
    }

    /// <summary>Asks the kernel, on Linux, past the runtime: at once, and with the errno.</summary>
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
        return descriptor < 0
            ? new AcceptResult(null, Errno.ToSocketError(errno))
            : Take(new Socket(new SafeSocketHandle(descriptor, ownsHandle: true)));
    }

    private AcceptResult Take(Socket accepted)
    {
        if (DescriptorLimit.IsNear(accepted.SafeHandle.DangerousGetHandle()))
        {
            accepted.Dispose();
            _hasShed = true; // this client has been told already
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

        _accept.Begin();
        if (!_socket.AcceptAsync(_accept.Arguments))
        {
            _hasOutcome = true;
            _accept.CompleteAtOnce(_accept.Arguments.SocketError);
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
