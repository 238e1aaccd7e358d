using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Finds out that the client has gone while its request is answered, and tells the handler once.
/// Made for a connection when somebody first wants to know; nobody pays for it before.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// It waits for readability beside the handler. The end of the stream stands behind what the client
/// has sent, so bytes are read ahead, up to a limit, and not parsed; beyond the limit nothing is
/// read, and only a failed write tells. A client that has ended its own stream still listens (RFC
/// 9112 9.6), so that alone is no going, unless an option says so; a reset is.
/// </para>
/// </remarks>
internal sealed class ClientWatch
{
    private readonly HttpConnection _owner;
    private readonly Connection _connection;
    private readonly Action _onReadable;
    private OperationAwaitable _readable;
    private CancellationTokenSource? _aborted;
    private bool _isWanted;
    private bool _isWaiting;
    private bool _isGone;

    public ClientWatch(HttpConnection owner, Connection connection)
    {
        _owner = owner;
        _connection = connection;
        _onReadable = OnReadable;
    }

    /// <summary>Cancelled when the client has gone; of the request that is answered now.</summary>
    public CancellationToken Token
    {
        get
        {
            _aborted ??= new CancellationTokenSource();
            if (_isGone)
            {
                _aborted.Cancel();
            }

            return _aborted.Token;
        }
    }

    /// <summary>
    /// True if it has received what a reader may not know of: a wait for the kernel would be in
    /// vain.
    /// </summary>
    public bool HasReceived { get; set; }

    /// <summary>Begins to watch for the present request; again is harmless.</summary>
    public void Begin()
    {
        if (!_isWanted)
        {
            _isWanted = true;
            Resume();
        }
    }

    /// <summary>The request has ended.</summary>
    public void End()
    {
        _isWanted = false;
        _isGone = false;
        _aborted = null;
    }

    /// <summary>Goes on after bytes were taken that had stood in the way.</summary>
    public void Resume()
    {
        if (_isWanted && !_isWaiting && !_isGone && !_connection.HasInputEnded && HasRoom())
        {
            WaitFor(_connection.WaitReadable());
        }
    }

    /// <summary>A write has failed, or the connection was closed.</summary>
    public void NoteBroken()
    {
        if (_isWanted && !_isWaiting && !_isGone)
        {
            WaitFor(OperationAwaitable.Done); // a turn: the handler may stand on the stack
        }
    }

    private bool HasRoom() => _connection.UnreadBytes
        <= _owner.Options.ReadAheadBytesMax - BlockPool.BlockBytes;

    private void WaitFor(OperationAwaitable readable)
    {
        _isWaiting = true;
        _readable = readable;
        readable.OnCompleted(_onReadable);
    }

    private void OnReadable()
    {
        _isWaiting = false;
        if (!_isWanted || _isGone)
        {
            return; // that request is over; who reads the next one has been woken too
        }

        // The kernel tells a failure once, and the wait may be who was told.
        bool hasFailed = _readable.GetResult() != SocketError.Success;
        if (hasFailed || _connection.IsClosed || _connection.IsOutputBroken)
        {
            Tell();
            return;
        }

        if (_connection.TryReceive())
        {
            HasReceived = true;
            _owner.OnReadAhead();
        }

        if (_connection.HasInputEnded && (_connection.CloseReason != CloseReason.PeerClosed
            || _owner.Options.HalfCloseIsDisconnect))
        {
            Tell();
        }

        Resume();
    }

    private void Tell()
    {
        _isGone = true;
        _owner.OnClientGone();
        try
        {
            _aborted?.Cancel();
        }
        catch (AggregateException error)
        {
            _connection.Loop.Report(new LoopErrorContext
            {
                Message = "Exception in a callback of Request.Aborted: catch it there.",
                Exception = error,
            });
        }
    }
}
