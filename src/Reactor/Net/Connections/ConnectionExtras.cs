using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// What few connections need, made on first use; the others pay one reference.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ConnectionExtras
{
    /// <summary>The future of the last read.</summary>
    public Promise<Unit>? Wake;

    /// <summary>The wait of a <c>ReadAsync</c>.</summary>
    public Promise<Unit>? Read;

    public OperationAwaitable Send;

    public int SendBytes;

    /// <summary>Receives what is dropped.</summary>
    public byte[] Drain = [];

    public CloseSignal? Closed;

    /// <summary>The state of the reading stream helpers.</summary>
    public object? Reads;

    /// <summary>
    /// The state of the writing stream helpers, whose output a close sends.
    /// </summary>
    public object? Writes;

    /// <summary>Null: the default ones.</summary>
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
    void WriteEof();

    /// <summary>Closes once all is sent.</summary>
    void Close();

    /// <summary>The connection is closed; called before its server is told.</summary>
    void OnClosed();
}
