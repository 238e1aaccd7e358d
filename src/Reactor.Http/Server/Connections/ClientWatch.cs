using Reactor.Drivers;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Finds out that the client has gone while its request is answered, and tells each handler once:
/// that the client has gone is a fact of the connection, that it was told is one of the request.
/// Made for a connection when a handler first wants to know; before, it costs nothing.
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
    private CancellationTokenSource? _aborted;
    private bool _isWanted;
    private bool _isWaiting;
    private bool _isTold;

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
            if (_aborted is null)
            {
                _aborted = new CancellationTokenSource();
                if (_owner.Client != ClientFate.Present)
                {
                    _aborted.Cancel();
                }
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
            NoteFate();
        }
    }

    /// <summary>The request has ended.</summary>
    public void End()
    {
        _isWanted = false;
        _isTold = false;
        _aborted = null;
    }

    /// <summary>Goes on after bytes were taken that had stood in the way.</summary>
    public void Resume()
    {
        if (_isWanted && !_isWaiting && !_isTold && !_connection.HasInputEnded && HasRoom())
        {
            WaitFor(_connection.WaitReadable());
        }
    }

    /// <summary>
    /// Another than this may have found out that the client has gone: by a write, for another
    /// request, or by closing the connection.
    /// </summary>
    public void NoteFate()
    {
        if (_isWanted && !_isWaiting && !_isTold && _owner.Client != ClientFate.Present)
        {
            WaitFor(OperationAwaitable.Done); // a turn: the handler may stand on the stack
        }
    }

    /// <summary>
    /// Asks the kernel now, behind what was received as far as may be read ahead. For what is rare:
    /// it may cost some system calls.
    /// </summary>
    public static void Ask(HttpConnection owner, Connection connection)
    {
        while (owner.Client == ClientFate.Present && !connection.HasInputEnded
            && HasRoom(owner, connection) && connection.TryReceive())
        {
            owner.OnReadAhead();
        }

        if (connection.HasInputEnded)
        {
            connection.CheckFailed(); // a reset behind the end, which no receive tells
        }
    }

    private static bool HasRoom(HttpConnection owner, Connection connection) =>
        connection.UnreadBytes <= owner.Options.ReadAheadBytesMax - BlockPool.BlockBytes;

    private bool HasRoom() => HasRoom(_owner, _connection);

    private void WaitFor(OperationAwaitable readable)
    {
        _isWaiting = true;
        readable.OnCompleted(_onReadable);
    }

    private void OnReadable()
    {
        _isWaiting = false;
        if (!_isWanted || _isTold)
        {
            return; // that request is over; what reads the next one has been woken too
        }

        if (_owner.Client == ClientFate.Present && _connection.TryReceive())
        {
            _owner.OnReadAhead();
        }

        if (_owner.Client != ClientFate.Present)
        {
            Tell();
        }

        Resume();
    }

    private void Tell()
    {
        _isTold = true;
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
