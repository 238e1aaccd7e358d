using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// What only some connections have, made when somebody first asks for it: an idle connection of a
/// server has none of this and pays one reference for all of it.
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

    /// <summary>How many bytes that send was given.</summary>
    public int SendBytes;

    /// <summary>Tells that send from the next one in the same block.</summary>
    public long SendNumber;

    /// <summary>
    /// What is written when nobody will ever get it goes here, and nothing is sent from here.
    /// </summary>
    public byte[] Drain = [];

    /// <summary>Who waits for the close.</summary>
    public CloseSignal? Closed;

    public StreamReads? Reads;

    public StreamWrites? Writes;

    /// <summary>Other limits of the stream helpers than the default ones.</summary>
    public StreamOptions? StreamOptions;

    public ConnectionTransport? Transport;

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
    /// One callback is registered whatever the number of reads that were given up before it ran:
    /// the last future is the one that is set.
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
