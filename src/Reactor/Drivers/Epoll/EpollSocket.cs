using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// A connected socket: a descriptor, what is known of its readiness, and the wait for it. There is
/// no <see cref="Socket"/> of the framework behind it, so an idle connection costs some 130 bytes
/// here.
/// </summary>
/// <remarks>
/// Loop thread only. The head of EpollDriver.cs says why it remembers what it remembers.
/// </remarks>
internal sealed class EpollSocket : DriverSocket, IEpollTarget
{
    private const EpollEvents ReadEvents = EpollEvents.Readable | EpollEvents.PeerEnded
        | EpollEvents.Urgent | EpollEvents.EdgeTriggered;

    private const EpollEvents ReadNews = EpollEvents.Readable | EpollEvents.PeerEnded
        | EpollEvents.Urgent | EpollEvents.HangUp | EpollEvents.Error;

    private const EpollEvents WriteNews =
        EpollEvents.Writable | EpollEvents.HangUp | EpollEvents.Error;

    private readonly EpollDriver _driver;
    private readonly EpollOperation _readable;
    private EpollSend? _send;
    private ForeignView? _view;
    private EndPoint? _remoteEndPoint;
    private RawAddress _peer;
    private States _states;
    private int _descriptor;

    // The kernel would not take the registration: a socket that hears of nothing has failed.
    private SocketError _failure;

    [Flags]
    private enum States : byte
    {
        None = 0,
        Registered = 1,
        HearsOfRoom = 2,
        Readable = 4,

        // The end of the stream or an urgent byte is ahead: a short read is no proof of emptiness.
        HasMoreThanBytes = 8,
        Full = 16,
        Closed = 32,
    }

    /// <summary>A connection that was accepted.</summary>
    public EpollSocket(EpollDriver driver, int descriptor, in RawAddress peer)
    {
        _driver = driver;
        _descriptor = descriptor;
        _peer = peer;
        _readable = new EpollOperation(driver);
        driver.Table.Add(descriptor, this);
    }

    /// <summary>A connection that was made.</summary>
    /// <param name="driver">Its driver.</param>
    /// <param name="descriptor">Stands in the table for whoever made the connection.</param>
    /// <param name="remoteEndPoint">Whom it is connected to.</param>
    /// <param name="isRegistered">True if it hears of everything already.</param>
    public EpollSocket(
        EpollDriver driver, int descriptor, EndPoint? remoteEndPoint, bool isRegistered)
    {
        _driver = driver;
        _descriptor = descriptor;
        _remoteEndPoint = remoteEndPoint;
        _states = isRegistered ? States.Registered | States.HearsOfRoom : States.None;
        _readable = new EpollOperation(driver);
        driver.Table.Replace(descriptor, this);
    }

    /// <summary>What a socket that is being connected must hear of.</summary>
    public static EpollEvents AllEvents => ReadEvents | EpollEvents.Writable;

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint =>
        IsClosed ? null : NativeSocket.LocalEndPoint(_descriptor);

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint => _remoteEndPoint ??= _peer.ToEndPoint();

    /// <inheritdoc/>
    public override SafeHandle? Descriptor =>
        IsClosed ? null : _view ??= new ForeignView(_descriptor);

    public bool IsClosed => (_states & States.Closed) != 0;

    bool IEpollTarget.IsForeign => false;

    /// <inheritdoc/>
    public override OperationAwaitable WaitReadable()
    {
        AssertOpen();
        if (!_readable.IsInFlight)
        {
            if ((_states & States.Registered) == 0)
            {
                Hear(States.Registered); // and if something is there already, the next poll says so
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

        IoResult result = _driver.Calls.Receive(_descriptor, buffer);
        if (result.Bytes > 0)
        {
            if (result.Bytes < buffer.Length && (_states & States.HasMoreThanBytes) == 0)
            {
                _states &= ~States.Readable; // empty: what comes now is a new edge
            }
        }
        else if (result.IsNotNow)
        {
            _states &= ~(States.Readable | States.HasMoreThanBytes);
        }
        else
        {
            _states |= States.Readable | States.HasMoreThanBytes; // the end, again and again
        }

        return result;
    }

    /// <inheritdoc/>
    public override IoResult Send(ReadOnlySpan<byte> data)
    {
        AssertOpen();
        IoResult result = _driver.Calls.Send(_descriptor, data);
        if (result.IsNotNow || (result.IsSuccess && result.Bytes < data.Length))
        {
            _states |= States.Full;
        }
        else
        {
            _states &= ~States.Full;
        }

        return result;
    }

    /// <inheritdoc/>
    public override OperationAwaitable SendAll(ReadOnlyMemory<byte> data)
    {
        AssertOpen();
        _send ??= new EpollSend(_driver);
        _send.Begin();
        _send.Rest = data;
        if (!TrySendRest(out SocketError error)
            && error == SocketError.Success
            && (_states & States.HearsOfRoom) == 0)
        {
            Hear(States.Registered | States.HearsOfRoom);
            error = _failure;
        }

        if (error != SocketError.Success || _send.Rest.IsEmpty)
        {
            _send.Rest = default;
            _send.CompleteAtOnce(error);
        }

        return new OperationAwaitable(_send);
    }

    /// <inheritdoc/>
    public override long? AcknowledgedBytes =>
        IsClosed ? null : NativeSocket.AcknowledgedBytes(_descriptor);

    /// <inheritdoc/>
    public override void ShutdownSend()
    {
        AssertOpen();
        // A peer that was faster is no mistake: what is not connected needs no end of stream.
        _ = Libc.Shutdown(_descriptor, Libc.ShutdownWrite);
    }

    /// <inheritdoc/>
    public override void Close(bool reset)
    {
        if (_descriptor < 0 && !IsClosed)
        {
            _states |= States.Closed; // the driver was quicker
            return;
        }

        AssertOpen();
        _states |= States.Closed;
        _driver.Table.Remove(_descriptor);
        if (reset)
        {
            NativeSocket.ResetOnClose(_descriptor);
        }

        GiveBack();
        if (_readable.IsInFlight)
        {
            _readable.Complete(SocketError.OperationAborted);
        }

        if (_send is { IsInFlight: true } send)
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

            if (_readable.IsInFlight)
            {
                _readable.Complete(SocketError.Success);
            }
        }

        if ((events & WriteNews) != 0)
        {
            _states &= ~States.Full;
            if (_send is { IsInFlight: true } send
                && (TrySendRest(out SocketError error) || error != SocketError.Success))
            {
                send.Rest = default;
                send.Complete(error);
            }
        }
    }

    /// <inheritdoc/>
    public void Release()
    {
        GiveBack();
        _failure = SocketError.OperationAborted;
        _states |= States.Registered | States.HearsOfRoom | States.Readable;
    }

    // True when nothing is left. While the socket is full it does not even try: room is told.
    private bool TrySendRest(out SocketError error)
    {
        EpollSend send = _send!;
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

    // What is ready when interest is registered, or changed, is told by the next poll: no edge can
    // fall between the try and this.
    private void Hear(States wanted)
    {
        EpollEvents events = (wanted & States.HearsOfRoom) != 0 ? AllEvents : ReadEvents;
        int errno = (_states & States.Registered) == 0
            ? _driver.Register(_descriptor, events)
            : _driver.Change(_descriptor, events);
        _states |= wanted;
        if (errno != 0)
        {
            _failure = Errno.ToSocketError(errno);
            _states |= States.Readable;
        }
    }

    private void GiveBack()
    {
        _view?.SetHandleAsInvalid();
        _view = null;
        NativeSocket.Close(_descriptor);
        _descriptor = -1;
    }

    [Conditional("DEBUG")]
    private void AssertOpen() => Debug.Assert(!IsClosed, "the socket was closed");

    /// <summary>
    /// The descriptor for others to see. It closes nothing, and is invalid once the socket is.
    /// </summary>
    private sealed class ForeignView : SafeHandle
    {
        public ForeignView(int descriptor)
            : base(-1, ownsHandle: false) => SetHandle(descriptor);

        public override bool IsInvalid => handle < 0;

        protected override bool ReleaseHandle() => true;
    }
}
