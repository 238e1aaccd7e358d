using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor.Simulation;

/// <summary>An operation of the in-memory driver, which posts its waiter to the loop.</summary>
internal sealed class InMemoryOperation(InMemoryDriver driver) : DriverOperation
{
    protected override void Post(LoopWork waiter) => driver.Deliver(waiter);
}

/// <summary>
/// A socket connected to another end in the same process. <see cref="StreamEnd"/> is the byte
/// stream; this class has the operations that wait for it.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class InMemorySocket : DriverSocket, IStreamOwner
{
    private readonly InMemoryNetwork _network;
    private readonly StreamEnd _end;
    private readonly InMemoryOperation _readable;
    private readonly InMemoryOperation _send;
    private ReadOnlyMemory<byte> _unsent;
    private InMemoryDescriptor? _descriptor;

    public InMemorySocket(InMemoryDriver driver, StreamEnd end)
    {
        _network = driver.Network;
        _end = end;
        _readable = new InMemoryOperation(driver);
        _send = new InMemoryOperation(driver);
        _network.OpenSockets++;
        end.SetOwner(this);
    }

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint => _end.Local;

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint => _end.Remote;

    /// <inheritdoc/>
    public override SafeHandle? Descriptor => IsClosed
        ? null
        : _descriptor ??= _network.Descriptors.Open(isSocket: true);

    public bool IsClosed { get; private set; }

    /// <inheritdoc/>
    public override OperationAwaitable WaitReadableAsync()
    {
        AssertOpen();
        if (!_readable.IsInFlight)
        {
            if (_end.IsReadable)
            {
                _readable.CompleteAtOnce(SocketError.Success);
            }
            else
            {
                _readable.Begin();
                _network.ScheduleSpurious(_end.Number, OnReadable);
            }
        }

        return new OperationAwaitable(_readable);
    }

    /// <inheritdoc/>
    public override IoResult Receive(Span<byte> buffer)
    {
        AssertOpen();
        return new IoResult(_end.Receive(buffer, out SocketError error), error);
    }

    /// <inheritdoc/>
    public override IoResult Send(ReadOnlySpan<byte> data)
    {
        AssertOpen();
        Debug.Assert(!_send.IsInFlight, "one send is in flight on a socket");
        return new IoResult(_end.Send(data, out SocketError error), error);
    }

    /// <inheritdoc/>
    public override OperationAwaitable SendAllAsync(ReadOnlyMemory<byte> data)
    {
        AssertOpen();
        Debug.Assert(!_send.IsInFlight, "one send is in flight on a socket");
        _unsent = data;
        SocketError error = SendUnsent();
        if (error == SocketError.WouldBlock)
        {
            _send.Begin();
        }
        else
        {
            _send.CompleteAtOnce(error);
        }

        return new OperationAwaitable(_send);
    }

    /// <inheritdoc/>
    public override long? GetAcknowledgedBytes() => _end.AcknowledgedBytes;

    /// <inheritdoc/>
    public override long? GetUnacknowledgedBytes() => _end.UnacknowledgedBytes;

    /// <inheritdoc/>
    public override SocketError GetFailure() => _end.Error;

    /// <inheritdoc/>
    public override void ShutdownSend()
    {
        AssertOpen();
        _unsent = default;
        _send.CompleteIfInFlight(SocketError.Shutdown);
        _end.SendEnd();
    }

    /// <inheritdoc/>
    public override void Close(bool reset)
    {
        AssertOpen();
        IsClosed = true;
        _descriptor?.Dispose();
        _network.OpenSockets--;
        _end.Close(reset);
        _unsent = default;
        _readable.CompleteIfInFlight(SocketError.OperationAborted);
        _send.CompleteIfInFlight(SocketError.OperationAborted);
    }

    /// <inheritdoc/>
    public void OnReadable() => _readable.CompleteIfInFlight(SocketError.Success);

    /// <inheritdoc/>
    public void OnWritable()
    {
        if (_send.IsInFlight && SendUnsent() is var result && result != SocketError.WouldBlock)
        {
            _send.Complete(result);
        }
    }

    private SocketError SendUnsent()
    {
        SocketError error = SocketError.Success;
        while (!_unsent.IsEmpty && error == SocketError.Success)
        {
            _unsent = _unsent[_end.Send(_unsent.Span, out error)..];
        }

        if (error != SocketError.WouldBlock)
        {
            _unsent = default;
        }

        return error;
    }

    private void AssertOpen() => Debug.Assert(!IsClosed, "a closed socket is not used");
}

/// <summary>A pending in-memory connect.</summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class InMemoryConnect : DriverConnect
{
    private readonly InMemoryDriver _driver;
    private InMemorySocket? _socket;

    public InMemoryConnect(InMemoryDriver driver, EndPoint endPoint, EndPoint? localEndPoint)
    {
        _driver = driver;
        Begin();
        driver.Network.Connect(endPoint, localEndPoint, () => IsInFlight, OnDone);
    }

    /// <inheritdoc/>
    public override void Abandon()
    {
        if (IsInFlight)
        {
            Complete(SocketError.OperationAborted);
        }
        else if (_socket is { IsClosed: false })
        {
            _socket.Close(reset: true);
        }
    }

    protected override void Post(LoopWork waiter) => _driver.Deliver(waiter);

    private void OnDone(StreamEnd? end, SocketError error)
    {
        if (end is not null)
        {
            Socket = _socket = new InMemorySocket(_driver, end);
        }

        Complete(error);
    }
}
