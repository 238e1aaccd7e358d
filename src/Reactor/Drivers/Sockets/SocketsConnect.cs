using System.Net;
using System.Net.Sockets;

namespace Reactor.Drivers;

/// <summary>A connection that is being made with <c>Socket.ConnectAsync</c>.</summary>
internal sealed class SocketsConnect : DriverConnect
{
    private readonly SocketsDriver _driver;
    private readonly Socket? _socket;
    private readonly ConnectOperation _operation;
    private bool _isAbandoned;

    public SocketsConnect(SocketsDriver driver, EndPoint endPoint, EndPoint? localEndPoint)
    {
        _driver = driver;
        _operation = new ConnectOperation(this, driver);
        _operation.Arguments.RemoteEndPoint = endPoint;
        Begin();
        SocketError error;
        try
        {
            // No descriptor, no such family or local address: outcomes of the connect.
            _socket = new Socket(
                endPoint.AddressFamily, SocketType.Stream, SocketsDriver.ProtocolOf(endPoint));
            if (localEndPoint is not null)
            {
                _socket.Bind(localEndPoint);
            }

            if (_socket.ConnectAsync(_operation.Arguments))
            {
                return;
            }

            error = _operation.Arguments.SocketError;
        }
        catch (SocketException failure)
        {
            error = failure.SocketErrorCode;
        }
        catch (Exception refusal) when (SocketsOperation.IsRefusal(refusal))
        {
            error = SocketError.NoBufferSpaceAvailable;
        }

        End(error);
        CompleteAtOnce(error);
        _operation.Retire();
    }

    /// <inheritdoc/>
    public override void Abandon()
    {
        _isAbandoned = true;
        _socket?.Dispose();
    }

    protected override void Post(LoopWork waiter) => _driver.PostCompleted(waiter);

    private void End(SocketError error)
    {
        if (error == SocketError.Success)
        {
            Socket = new SocketsSocket(_driver, _socket!, noDelay: true);
        }
        else
        {
            _socket?.Dispose();
        }
    }

    // The runtime's operation; the waiter joins the outer one.
    private sealed class ConnectOperation(SocketsConnect owner, SocketsDriver driver)
        : SocketsOperation(driver)
    {
        public override void OnCompleted()
        {
            // The completion may have been queued before the connect was abandoned.
            SocketError error =
                owner._isAbandoned ? SocketError.OperationAborted : Arguments.SocketError;
            owner.End(error);
            owner.Complete(error);
            Retire();
        }
    }
}
