using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// A connection as its pool knows it: lent or idle. While idle it is watched: a server that closes
/// it, or sends bytes that no request asked for, makes it unusable (RFC 9112 9.5, 9.2).
/// </summary>
/// <remarks>
/// Loop thread only. As work of the loop it is its own callback, so that watching costs nothing.
/// </remarks>
internal sealed class PooledConnection(
    ClientConnection connection, PoolOrigin origin, Action<PooledConnection> onSpoiled) : LoopWork
{
    private ListLinks<PooledConnection> _links;
    private bool _isWatched;

    public ClientConnection Connection { get; } = connection;

    public PoolOrigin Origin { get; } = origin;

    public bool IsIdle { get; set; }

    /// <summary>When an idle connection is closed; on the loop's clock.</summary>
    public TimeSpan IdleUntil { get; set; }

    /// <summary>False if something arrived, or the stream ended; makes no system call.</summary>
    public bool IsClean =>
        Socket is { IsClosed: false, HasInputEnded: false, IsOutputBroken: false, UnreadBytes: 0 };

    /// <summary>As <see cref="IsClean"/>, and asks the kernel: one receive.</summary>
    public bool IsQuiet => IsClean && !Socket.TryReceive();

    private Connection Socket => Connection.Connection;

    /// <summary>
    /// Watches the idle connection. A watch outlives the idle time, as a wait for readability
    /// cannot be taken back; it then does nothing.
    /// </summary>
    public void Watch()
    {
        if (!_isWatched)
        {
            _isWatched = true;
            Socket.WaitReadableAsync().Post(this, Socket.Loop);
        }
    }

    /// <inheritdoc/>
    public override void Run()
    {
        _isWatched = false;
        if (!IsIdle)
        {
            return;
        }

        if (IsQuiet)
        {
            Watch(); // a spurious wake-up, or that of an earlier response
        }
        else
        {
            onSpoiled(this);
        }
    }

    internal readonly struct Links : IListLinks<PooledConnection>
    {
        public ref ListLinks<PooledConnection> Of(PooledConnection element) => ref element._links;
    }
}
