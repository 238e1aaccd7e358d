using System.Net;
using System.Net.Sockets;

namespace Reactor.Drivers;

/// <summary>
/// A connection that is being made: epoll reports it writable, and SO_ERROR tells the outcome.
/// </summary>
/// <remarks>
/// Loop thread only. The descriptor is registered after the call to connect: epoll reports a
/// hang-up for a socket that is not connecting yet.
/// </remarks>
internal sealed class EpollConnect : DriverConnect, IEpollTarget
{
    private readonly EpollDriver _driver;
    private readonly EndPoint _endPoint;
    private int _descriptor = -1;
    private EpollSocket? _connected;

    public EpollConnect(EpollDriver driver, EndPoint endPoint, EndPoint? localEndPoint)
    {
        _driver = driver;
        _endPoint = endPoint;
        Begin();
        SocketError error = Start(localEndPoint);
        if (error != SocketError.InProgress)
        {
            End(error, isRegistered: false);
            CompleteAtOnce(error);
        }
    }

    /// <inheritdoc/>
    public override void Abandon()
    {
        if (IsInFlight)
        {
            End(SocketError.OperationAborted, isRegistered: true);
            Complete(SocketError.OperationAborted);
        }
        else if (_connected is { IsClosed: false } connected)
        {
            connected.Close(reset: false);
        }
    }

    /// <inheritdoc/>
    public void OnEvents(EpollEvents events)
    {
        SocketError error = NativeSocket.TakeError(_descriptor);
        End(error, isRegistered: true);
        _connected?.OnEvents(events); // the first bytes may have arrived too
        Complete(error);
    }

    /// <inheritdoc/>
    public void Release()
    {
        NativeSocket.Close(_descriptor);
        _descriptor = -1;
    }

    protected override void Post(LoopWork waiter) => _driver.PostCompleted(waiter);

    // No descriptor, no such family or local address: outcomes of the connect.
    private SocketError Start(EndPoint? localEndPoint)
    {
        _descriptor = NativeSocket.Open(_endPoint, out SocketError error);
        if (_descriptor < 0)
        {
            return error;
        }

        _driver.Table.Add(_descriptor, this);
        if (NativeSocket.IsTcp(_endPoint))
        {
            // A request is flushed whole: Nagle's algorithm would only delay it.
            NativeSocket.SetOption(_descriptor, Libc.IpProtoTcp, Libc.TcpNoDelay, 1);
        }

        if (localEndPoint is not null)
        {
            error = NativeSocket.Bind(_descriptor, localEndPoint);
        }

        if (error == SocketError.Success)
        {
            error = NativeSocket.Connect(_descriptor, _endPoint);
        }

        if (error != SocketError.InProgress)
        {
            return error;
        }

        int errno = _driver.Register(_descriptor, EpollSocket.AllEvents);
        return errno == 0 ? error : Errno.ToSocketError(errno);
    }

    private void End(SocketError error, bool isRegistered)
    {
        if (error == SocketError.Success)
        {
            Socket = _connected = new EpollSocket(_driver, _descriptor, _endPoint, isRegistered);
        }
        else if (_descriptor >= 0)
        {
            _driver.Table.Remove(_descriptor);
            NativeSocket.Close(_descriptor);
        }
    }
}
