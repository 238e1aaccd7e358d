using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// What only some connections need, made on first use: an idle connection of a server pays one
/// reference for all of it.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ConnectionExtras
{
    /// <summary>The last of the reads that wait by way of a future.</summary>
    public Promise<Unit>? Wake;

    /// <summary>What a <c>ReadAsync</c> of the reader waits for.</summary>
    public Promise<Unit>? Read;

    /// <summary>The send that is in flight, or the last that was.</summary>
    public OperationAwaitable Send;

    /// <summary>The bytes of that send.</summary>
    public int SendBytes;

    /// <summary>Receives what is written when it can no longer be sent.</summary>
    public byte[] Drain = [];

    /// <summary>The waiters for the close.</summary>
    public CloseSignal? Closed;

    /// <summary>The state of the stream helpers that read; the room Streams sets it.</summary>
    public object? Reads;

    /// <summary>
    /// The state of the stream helpers that write. They send without being asked, so a close sends
    /// what they have written.
    /// </summary>
    public object? Writes;

    /// <summary>Limits of the stream helpers that are not the default ones.</summary>
    public StreamOptions? StreamOptions;

    /// <summary>The transport over the connection.</summary>
    public IConnectionLayer? Layer;

    /// <inheritdoc cref="Connection.WaitClosed"/>
    public Future<Unit> WaitClosed(EventLoop loop, bool isClosed)
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

    /// <summary>Sets the future when the socket is readable, or at once.</summary>
    /// <remarks>
    /// One callback serves any number of reads that were abandoned before it ran; it sets the last
    /// future.
    /// </remarks>
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
