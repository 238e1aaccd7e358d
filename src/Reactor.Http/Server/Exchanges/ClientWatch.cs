using Reactor.Drivers;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Finds out that the client has left while its request is answered, and tells each handler once.
/// Made for a connection when a handler first wants to know.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// It waits for readability beside the handler. The end of the stream stands behind what the client
/// has sent, so bytes are read ahead, up to a limit, and not parsed; beyond the limit nothing is
/// read, and only a failed write tells. A client that has ended its own stream still listens (RFC
/// 9112 9.6), so that alone does not count unless an option says so; a reset does.
/// </para>
/// </remarks>
internal sealed class ClientWatch
{
    private readonly ServerChannel _channel;
    private readonly Action _onReadable;
    private CancellationTokenSource? _aborted;
    private bool _isWanted;
    private bool _isWaiting;
    private bool _isTold;

    public ClientWatch(ServerChannel channel)
    {
        _channel = channel;
        _onReadable = OnReadable;
    }

    /// <summary>Cancelled when the client has left; of the request that is answered now.</summary>
    public CancellationToken Token
    {
        get
        {
            if (_aborted is null)
            {
                _aborted = new CancellationTokenSource();
                if (_channel.Peer != PeerState.Present)
                {
                    _aborted.Cancel();
                }
            }

            return _aborted.Token;
        }
    }

    /// <summary>True if it has received something after the last read.</summary>
    public bool HasReceived { get; set; }

    /// <summary>Begins to watch for the present request; idempotent.</summary>
    public void Begin()
    {
        if (!_isWanted)
        {
            _isWanted = true;
            Resume();
            NotePeer();
        }
    }

    public void End()
    {
        _isWanted = false;
        _isTold = false;
        _aborted = null;
    }

    /// <summary>Continues after bytes were consumed that had filled the room.</summary>
    public void Resume()
    {
        if (_isWanted && !_isWaiting && !_isTold && !_channel.Connection.HasInputEnded
            && HasRoom(_channel))
        {
            WaitFor(_channel.Connection.WaitReadableAsync());
        }
    }

    /// <summary>
    /// Looks at the state of the client, which a write or a close may have changed.
    /// </summary>
    public void NotePeer()
    {
        if (_isWanted && !_isWaiting && !_isTold && _channel.Peer != PeerState.Present)
        {
            WaitFor(OperationAwaitable.Done); // a turn: the handler may stand on the stack
        }
    }

    /// <summary>
    /// Asks the kernel now, behind what was received as far as may be read ahead. May cost some
    /// system calls.
    /// </summary>
    public static void Ask(ServerChannel channel)
    {
        Connection connection = channel.Connection;
        while (channel.Peer == PeerState.Present && !connection.HasInputEnded
            && HasRoom(channel) && connection.TryReceive())
        {
            channel.OnReadAhead();
        }

        if (connection.HasInputEnded)
        {
            connection.CheckFailed(); // a reset behind the end, which no receive tells
        }
    }

    private static bool HasRoom(ServerChannel channel) => channel.Connection.UnreadBytes
        <= channel.Server.Options.Limits.ReadAheadBytesMax - BlockPool.BlockBytes;

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

        if (_channel.Peer == PeerState.Present && _channel.Connection.TryReceive())
        {
            HasReceived = true;
        }

        if (_channel.Peer != PeerState.Present)
        {
            Tell();
        }

        Resume();
    }

    private void Tell()
    {
        _isTold = true;
        _channel.OnClientGone();
        try
        {
            _aborted?.Cancel();
        }
        catch (AggregateException error)
        {
            _channel.Loop.Report(new LoopErrorContext
            {
                Message = "Exception in a callback of Request.Aborted: catch it there.",
                Exception = error,
            });
        }
    }
}
