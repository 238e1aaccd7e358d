using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// What few connections need, made on first use; the others pay one reference.
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

    /// <summary>Receives what is dropped.</summary>
    public byte[] Drain = [];

    /// <summary>The waiters for the close.</summary>
    public CloseSignal? Closed;

    /// <summary>The state of the reading stream helpers.</summary>
    public object? Reads;

    /// <summary>
    /// The state of the writing stream helpers, whose output a close sends.
    /// </summary>
    public object? Writes;

    /// <summary>Limits other than the default ones.</summary>
    public StreamOptions? StreamOptions;

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
    /// Sets the future when the socket is readable; one callback serves all abandoned reads.
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
/// A layer over a connection that decides when the output ends: a transport.
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
