using Reactor.Drivers;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Detects that the client has left while its request is answered, and tells each handler once.
/// Made when a handler first asks.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// It waits for readability beside the handler. The end of the stream comes after the client's
/// bytes, so these are read ahead, up to a limit, and not parsed; beyond it only a failed write
/// tells. A client that has ended its stream still listens (RFC 9112 9.6): that counts only if an
/// option says so; a reset always does.
/// </para>
/// </remarks>
internal sealed class ClientWatch(ServerChannel channel)
{
    private CancellationTokenSource? _aborted;
    private bool _isWanted;
    private bool _isWaiting;
    private bool _isTold;

    private Action ReadableCallback => field ??= OnReadable;

    /// <summary>Cancelled when the client leaves during the present request.</summary>
    public CancellationToken Token
    {
        get
        {
            if (_aborted is null)
            {
                _aborted = new CancellationTokenSource();
                if (channel.Peer != PeerState.Present)
                {
                    _aborted.Cancel();
                }
            }

            return _aborted.Token;
        }
    }

    /// <summary>True if it has received something since the last read.</summary>
    public bool HasReceived { get; set; }

    /// <summary>Watches for the present request; idempotent.</summary>
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
        if (_isWanted && !_isWaiting && !_isTold && !channel.Connection.HasInputEnded
            && HasRoom(channel))
        {
            WaitFor(channel.Connection.WaitReadableAsync());
        }
    }

    /// <summary>
    /// Checks the state of the client, which a write or a close may have changed.
    /// </summary>
    public void NotePeer()
    {
        if (_isWanted && !_isWaiting && !_isTold && channel.Peer != PeerState.Present)
        {
            WaitFor(OperationAwaitable.Done); // in the next turn: the handler may be on the stack
        }
    }

    /// <summary>
    /// Asks the kernel, reading ahead as far as is allowed; may cost some system calls.
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
            connection.CheckFailed(); // a reset after the end, which no receive reports
        }
    }

    private static bool HasRoom(ServerChannel channel) => channel.Connection.UnreadBytes
        <= channel.Server.Options.Limits.ReadAheadBytesMax - BlockPool.BlockBytes;

    private void WaitFor(OperationAwaitable readable)
    {
        _isWaiting = true;
        readable.OnCompleted(ReadableCallback);
    }

    private void OnReadable()
    {
        _isWaiting = false;
        if (!_isWanted || _isTold)
        {
            return; // that request has ended; the reader of the next is woken too
        }

        if (channel.Peer == PeerState.Present && channel.Connection.TryReceive())
        {
            HasReceived = true;
        }

        if (channel.Peer != PeerState.Present)
        {
            Tell();
        }

        Resume();
    }

    private void Tell()
    {
        _isTold = true;
        channel.OnClientGone();
        try
        {
            _aborted?.Cancel();
        }
        catch (AggregateException error)
        {
            channel.Loop.Report(new LoopErrorContext
            {
                Message = "Exception in a callback of Request.Aborted: catch it there.",
                Exception = error,
            });
        }
    }
}
