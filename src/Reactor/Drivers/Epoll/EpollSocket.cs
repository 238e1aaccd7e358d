using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// A connected socket: a descriptor, its known readiness and the wait for it; 88 bytes of an idle
/// connection. EpollDriver.cs explains the states. Loop thread only.
/// </summary>
internal sealed class EpollSocket : DriverSocket, IEpollTarget
{
    private const EpollEvents ReadEvents = EpollEvents.Readable | EpollEvents.PeerEnded
        | EpollEvents.Urgent | EpollEvents.EdgeTriggered;

    private const EpollEvents ReadNews = EpollEvents.Readable | EpollEvents.PeerEnded
        | EpollEvents.Urgent | EpollEvents.HangUp | EpollEvents.Error;

    private const EpollEvents WriteNews =
        EpollEvents.Writable | EpollEvents.HangUp | EpollEvents.Error;

    private readonly EpollOperation _readable;
    private readonly uint _peerAddress;
    private readonly ushort _peerPort;
    private Extras? _extras;
    private States _states;
    private int _descriptor;

    // The registration was refused, or the failure that GetFailure read.
    private SocketError _failure;

    [Flags]
    private enum States : byte
    {
        None = 0,
        Registered = 1,
        HearsOfRoom = 2,
        Readable = 4,

        // The end of the stream or an urgent byte is ahead: a short read proves nothing.
        HasMoreThanBytes = 8,
        Full = 16,
        Closed = 32,
        HasIpv4Peer = 64,
    }

    /// <summary>A connection that was accepted.</summary>
    public EpollSocket(EpollDriver driver, int descriptor, ref RawAddress peer)
    {
        _descriptor = descriptor;
        if (peer.TryGetIpv4(out _peerAddress, out _peerPort))
        {
            _states = States.HasIpv4Peer;
        }
        else
        {
            _extras = new Extras { Peer = peer.ToEndPoint() };
        }

        _readable = new EpollOperation(driver);
        driver.Table.Add(descriptor, this);
    }

    /// <summary>A connection that was made, whose descriptor is in the table.</summary>
    public EpollSocket(
        EpollDriver driver, int descriptor, EndPoint? remoteEndPoint, bool isRegistered)
    {
        _descriptor = descriptor;
        _extras = new Extras { Peer = remoteEndPoint };
        _states = isRegistered ? States.Registered | States.HearsOfRoom : States.None;
        _readable = new EpollOperation(driver);
        driver.Table.Replace(descriptor, this);
    }

    /// <summary>The interest of a socket that is being connected.</summary>
    public static EpollEvents AllEvents => ReadEvents | EpollEvents.Writable;

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint =>
        IsClosed ? null : NativeSocket.LocalEndPoint(_descriptor);

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint => (_states & States.HasIpv4Peer) == 0
        ? _extras?.Peer
        : OwnExtras.Peer ??= new IPEndPoint(
            new IPAddress(MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in _peerAddress))),
            _peerPort);

    /// <inheritdoc/>
    public override SafeHandle? Descriptor =>
        IsClosed ? null : OwnExtras.View ??= new DescriptorView(_descriptor);

    public bool IsClosed => (_states & States.Closed) != 0;

    private EpollDriver Driver => _readable.Driver;

    private Extras OwnExtras => _extras ??= new Extras();

    /// <inheritdoc/>
    public override OperationAwaitable WaitReadableAsync()
    {
        AssertOpen();
        if (!_readable.IsInFlight)
        {
            if ((_states & States.Registered) == 0)
            {
                Hear(States.Registered); // the next poll reports what is there already
            }

            if ((_states & States.Readable) != 0)
            {
                _readable.CompleteAtOnce(_failure);
            }
            else
            {
                _readable.Begin();
            }
        }

        return new OperationAwaitable(_readable);
    }

    /// <inheritdoc/>
    public override IoResult Receive(Span<byte> buffer)
    {
        AssertOpen();
        if (_failure != SocketError.Success)
        {
            return new IoResult(0, _failure);
        }

        IoResult result = Driver.Calls.Receive(_descriptor, buffer);
        if (result.Bytes > 0)
        {
            if (result.Bytes < buffer.Length && (_states & States.HasMoreThanBytes) == 0)
            {
                _states &= ~States.Readable; // empty: what arrives is a new edge
            }
        }
        else if (result.IsNotNow)
        {
            _states &= ~(States.Readable | States.HasMoreThanBytes);
        }
        else
        {
            _states |= States.Readable | States.HasMoreThanBytes; // the end, repeatedly
        }

        return result;
    }

    /// <inheritdoc/>
    public override IoResult Send(ReadOnlySpan<byte> data)
    {
        AssertOpen();
        IoResult result = Driver.Calls.Send(_descriptor, data);
        bool isFull = result.IsNotNow || (result.IsSuccess && result.Bytes < data.Length);
        _states = isFull ? _states | States.Full : _states & ~States.Full;
        return result;
    }

    /// <inheritdoc/>
    public override OperationAwaitable SendAllAsync(ReadOnlyMemory<byte> data)
    {
        AssertOpen();
        EpollSend send = OwnExtras.Send ??= new EpollSend(Driver);
        send.Begin();
        send.Rest = data;
        if (!TrySendRest(send, out SocketError error)
            && error == SocketError.Success
            && (_states & States.HearsOfRoom) == 0)
        {
            Hear(States.Registered | States.HearsOfRoom);
            error = _failure;
        }

        if (error != SocketError.Success || send.Rest.IsEmpty)
        {
            send.Rest = default;
            send.CompleteAtOnce(error);
        }

        return new OperationAwaitable(send);
    }

    /// <inheritdoc/>
    public override long? GetAcknowledgedBytes() =>
        IsClosed ? null : NativeSocket.AcknowledgedBytes(_descriptor);

    /// <inheritdoc/>
    public override long? GetUnacknowledgedBytes() =>
        IsClosed ? null : NativeSocket.UnacknowledgedBytes(_descriptor);

    /// <inheritdoc/>
    public override SocketError GetFailure()
    {
        // The kernel reports an error once: it is kept for the receive.
        if (_failure == SocketError.Success && !IsClosed)
        {
            _failure = NativeSocket.TakeFailure(_descriptor);
        }

        return _failure;
    }

    /// <inheritdoc/>
    public override void ShutdownSend()
    {
        AssertOpen();
        // Fails if the socket is no longer connected, which needs no end of the stream.
        _ = Libc.Shutdown(_descriptor, Libc.ShutdownWrite);
    }

    /// <inheritdoc/>
    public override void Close(bool reset)
    {
        if (_descriptor < 0 && !IsClosed)
        {
            _states |= States.Closed; // the driver was disposed of before
            return;
        }

        AssertOpen();
        _states |= States.Closed;
        Driver.Table.Remove(_descriptor);
        if (reset)
        {
            NativeSocket.ResetOnClose(_descriptor);
        }

        CloseDescriptor();
        _readable.CompleteIfInFlight(SocketError.OperationAborted);

        if (_extras?.Send is { IsInFlight: true } send)
        {
            send.Rest = default;
            send.Complete(SocketError.OperationAborted);
        }
    }

    /// <inheritdoc/>
    public void OnEvents(EpollEvents events)
    {
        if ((events & ReadNews) != 0)
        {
            _states |= States.Readable;
            if ((events & (EpollEvents.PeerEnded | EpollEvents.HangUp | EpollEvents.Urgent)) != 0)
            {
                _states |= States.HasMoreThanBytes;
            }

            _readable.CompleteIfInFlight(SocketError.Success);
        }

        if ((events & WriteNews) != 0)
        {
            _states &= ~States.Full;
            if (_extras?.Send is { IsInFlight: true } send
                && (TrySendRest(send, out SocketError error) || error != SocketError.Success))
            {
                send.Rest = default;
                send.Complete(error);
            }
        }
    }

    /// <inheritdoc/>
    public void Release()
    {
        CloseDescriptor();
        _failure = SocketError.OperationAborted;
        _states |= States.Registered | States.HearsOfRoom | States.Readable;
    }

    // True when nothing is left. While the socket is full, waits for the event instead of trying.
    private bool TrySendRest(EpollSend send, out SocketError error)
    {
        error = SocketError.Success;
        while (!send.Rest.IsEmpty && (_states & States.Full) == 0)
        {
            IoResult result = Send(send.Rest.Span);
            if (result.IsSuccess)
            {
                send.Rest = send.Rest[result.Bytes..];
            }
            else if (!result.IsNotNow)
            {
                error = result.Error;
                return false;
            }
        }

        return send.Rest.IsEmpty;
    }

    // The next poll reports what is ready when interest is registered or changed, so no edge
    // between the try and this call is lost.
    private void Hear(States wanted)
    {
        EpollEvents events = (wanted & States.HearsOfRoom) != 0 ? AllEvents : ReadEvents;
        int errno = (_states & States.Registered) == 0
            ? Driver.Register(_descriptor, events)
            : Driver.Change(_descriptor, events);
        _states |= wanted;
        if (errno != 0)
        {
            _failure = Errno.ToSocketError(errno);
            _states |= States.Readable;
        }
    }

    private void CloseDescriptor()
    {
        if (_extras?.View is { } view)
        {
            view.SetHandleAsInvalid();
            _extras.View = null;
        }

        NativeSocket.Close(_descriptor);
        _descriptor = -1;
    }

    [Conditional("DEBUG")]
    private void AssertOpen() => Debug.Assert(!IsClosed, "the socket was closed");

    /// <summary>What few sockets need.</summary>
    private sealed class Extras
    {
        /// <summary>The peer, if it was asked for or is not IPv4.</summary>
        public EndPoint? Peer;

        public EpollSend? Send;

        public DescriptorView? View;
    }
}
