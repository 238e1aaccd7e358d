using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// What only some connections need, made on first use: an idle connection of a server pays one
/// reference for all of it.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ConnectionExtras
{
    /// <summary>The last read that waits on a future.</summary>
    public Promise<Unit>? Wake;

    /// <summary>The wait of a <c>ReadAsync</c>.</summary>
    public Promise<Unit>? Read;

    /// <summary>The send in flight, or the last one.</summary>
    public OperationAwaitable Send;

    public int SendBytes;

    /// <summary>Receives what is written when it can no longer be sent.</summary>
    public byte[] Drain = [];

    /// <summary>The waiters for the close.</summary>
    public CloseSignal? Closed;

    /// <summary>The state of the stream helpers that read.</summary>
    public object? Reads;

    /// <summary>
    /// The state of the stream helpers that write. A close sends what they have written.
    /// </summary>
    public object? Writes;

    /// <summary>Limits other than the default ones.</summary>
    public StreamOptions? StreamOptions;

    /// <summary>The transport over the connection.</summary>
    public IConnectionLayer? Layer;

    /// <inheritdoc cref="Connection.WaitClosedAsync"/>
    public Future<Unit> WaitClosedAsync(EventLoop loop, bool isClosed)
    {
        if (Closed is null)
        {
            Closed = new CloseSignal(loop);
            if (isClosed)
            {
                Closed.Set();
            }
        }

        return Closed.Wait();
    }

    /// <summary>
    /// Sets the future when the socket is readable. One callback serves any number of abandoned
    /// reads and sets the last future.
    /// </summary>
    public void WakeWhenReadable(OperationAwaitable readable, Promise<Unit> wake)
    {
        if (readable.IsCompleted)
        {
            wake.TrySetResult(default);
            return;
        }

        bool isRegistered = Wake is not null;
        Wake = wake;
        if (!isRegistered)
        {
            readable.OnCompleted(() =>
            {
                Promise<Unit>? last = Wake;
                Wake = null;
                last?.TrySetResult(default);
            });
        }
    }
}

/// <summary>
/// A layer over a connection, such as a transport, that decides itself when its output ends.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal interface IConnectionLayer
{
    /// <summary>Ends our stream after what is queued.</summary>
    void WriteEof();

    /// <summary>Closes after what is queued was sent.</summary>
    void Close();

    /// <summary>The connection is closed; called before its server is told.</summary>
    void OnClosed();
}
