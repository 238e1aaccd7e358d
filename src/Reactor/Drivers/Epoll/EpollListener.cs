using System.Net;
using System.Net.Sockets;

namespace Reactor.Drivers;

/// <summary>
/// A listening socket, which accepts until EAGAIN: the one empty call is cheap beside a connection.
/// </summary>
/// <remarks>
/// Loop thread only. On Linux accepted sockets inherit the listener's options, TCP_NODELAY too.
/// </remarks>
internal sealed class EpollListener : DriverListener, IEpollTarget
{
    private const EpollEvents Events = EpollEvents.Readable | EpollEvents.EdgeTriggered;

    private readonly EpollDriver _driver;
    private readonly EpollOperation _acceptable;
    private readonly Socket? _owned;
    private readonly UnixPath? _path;
    private int _descriptor;
    private bool _mayHaveMore;
    private bool _hasShed;
    private bool _isFinal;

    private EpollListener(
        EpollDriver driver, int descriptor, EndPoint asked, Socket? owned, UnixPath? path)
    {
        _driver = driver;
        _descriptor = descriptor;
        _owned = owned;
        _acceptable = new EpollOperation(driver);
        LocalEndPoint = NativeSocket.LocalEndPoint(descriptor) ?? asked;
        _path = path;
        driver.Table.Add(descriptor, this);
        driver.Reserve.Fill();
        int errno = driver.Register(descriptor, Events);
        if (errno != 0)
        {
            Close();
            Check(errno);
        }
    }

    /// <inheritdoc/>
    public override EndPoint LocalEndPoint { get; }

    /// <summary>Opens a listener on an address.</summary>
    /// <exception cref="SocketException">The address could not be bound.</exception>
    public static EpollListener Open(EpollDriver driver, EndPoint endPoint, ListenOptions options)
    {
        int descriptor = NativeSocket.Open(endPoint, out SocketError error);
        Check(error);
        UnixPath? path = null;
        try
        {
            if (NativeSocket.IsTcp(endPoint))
            {
                Prepare(descriptor, endPoint, options);
                Check(NativeSocket.Bind(descriptor, endPoint));
                Check(NativeSocket.Listen(descriptor, options.Backlog));
            }
            else
            {
                Check(UnixPath.Listen(descriptor, endPoint, options.Backlog, out path));
            }
        }
        catch
        {
            NativeSocket.Close(descriptor);
            throw;
        }

        return new EpollListener(driver, descriptor, endPoint, owned: null, path);
    }

    /// <summary>Listens with a bound socket that its owner hands over.</summary>
    /// <exception cref="ArgumentException">It is not a bound stream socket.</exception>
    public static EpollListener Take(EpollDriver driver, Socket socket, ListenOptions options)
    {
        SystemDriver.BeginListening(socket, options);
        socket.Blocking = false;
        if (options.NoDelay && socket.ProtocolType == ProtocolType.Tcp)
        {
            socket.NoDelay = true;
        }

        int descriptor = (int)socket.SafeHandle.DangerousGetHandle();
        return new EpollListener(driver, descriptor, socket.LocalEndPoint!, socket, path: null);
    }

    /// <inheritdoc/>
    public override OperationAwaitable WaitAcceptableAsync()
    {
        if (!_acceptable.IsInFlight)
        {
            if (_descriptor < 0)
            {
                return OperationAwaitable.Aborted;
            }

            if (_mayHaveMore)
            {
                // Not everything was accepted: makes the kernel report the rest again.
                Check(_driver.Change(_descriptor, Events));
                _mayHaveMore = false;
            }

            _acceptable.Begin();
        }

        return new OperationAwaitable(_acceptable);
    }

    /// <inheritdoc/>
    public override AcceptResult Accept()
    {
        if (_descriptor < 0)
        {
            return new AcceptResult(null, SocketError.WouldBlock);
        }

        var peer = default(RawAddress);
        int accepted = _driver.Calls.Accept(_descriptor, ref peer, out SocketError error);
        if (accepted < 0)
        {
            if (_isFinal && error == SocketError.InvalidArgument)
            {
                error = SocketError.WouldBlock; // the queue is empty, for good
            }

            _mayHaveMore &= error != SocketError.WouldBlock;
            return new AcceptResult(null, error);
        }

        if (DescriptorLimit.IsNear(accepted))
        {
            NativeSocket.Close(accepted);
            _hasShed = true; // this client was turned away
            return new AcceptResult(null, SocketError.TooManyOpenSockets);
        }

        return new AcceptResult(new EpollSocket(_driver, accepted, ref peer), error);
    }

    /// <inheritdoc/>
    public override bool ShedOne()
    {
        if (_hasShed)
        {
            _hasShed = false;
            return true;
        }

        if (_descriptor < 0 || !_driver.Reserve.Release())
        {
            return false;
        }

        var peer = default(RawAddress);
        int accepted = _driver.Calls.Accept(_descriptor, ref peer, out _);
        if (accepted >= 0)
        {
            NativeSocket.Close(accepted);
        }

        _driver.Reserve.Fill();
        return accepted >= 0;
    }

    /// <inheritdoc/>
    public override bool StopAdmitting()
    {
        if (_owned is not null)
        {
            return false; // it may serve other processes
        }

        if (_descriptor >= 0 && LocalEndPoint.AddressFamily != AddressFamily.Unix)
        {
            return Admission.DropSyns(_descriptor);
        }

        _isFinal |= _descriptor >= 0 && Admission.RefuseConnects(_descriptor);
        return false;
    }

    /// <inheritdoc/>
    public override bool IsBrokenBy(SocketError error) => !NativeSocket.IsListening(_descriptor);

    /// <inheritdoc/>
    public override void Close()
    {
        if (_descriptor < 0)
        {
            return;
        }

        _driver.Table.Remove(_descriptor);
        Release();
        _acceptable.CompleteIfInFlight(SocketError.OperationAborted);
    }

    /// <inheritdoc/>
    public void OnEvents(EpollEvents events)
    {
        _mayHaveMore = true;
        _acceptable.CompleteIfInFlight(SocketError.Success);
    }

    /// <inheritdoc/>
    public void Release()
    {
        _path?.Remove();
        if (_owned is { } socket)
        {
            socket.Dispose();
        }
        else
        {
            NativeSocket.Close(_descriptor);
        }

        _descriptor = -1;
    }

    private static void Prepare(int descriptor, EndPoint endPoint, ListenOptions options)
    {
        if (options.ReusePort)
        {
            Set(Libc.SolSocket, Libc.SoReusePort, 1);
        }

        // As the runtime does: allows a port with connections in TIME_WAIT, not one with a
        // listener.
        Set(Libc.SolSocket, Libc.SoReuseAddress, 1);
        if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
        {
            Set(Libc.IpProtoIpv6, Libc.Ipv6Only, 1);
        }

        if (options.NoDelay)
        {
            Set(Libc.IpProtoTcp, Libc.TcpNoDelay, 1);
        }

        if (options.UnsentBytesMax is { } unsent)
        {
            Set(Libc.IpProtoTcp, Libc.TcpNotSentLowWater, unsent);
        }

        void Set(int level, int option, int value) =>
            Check(NativeSocket.SetOption(descriptor, level, option, value));
    }

    private static void Check(int errno) =>
        Check(errno == 0 ? SocketError.Success : Errno.ToSocketError(errno));

    private static void Check(SocketError error)
    {
        if (error != SocketError.Success)
        {
            throw new SocketException((int)error);
        }
    }
}
