using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// The channel that a server's connection lends to an exchange: it also watches the client while a
/// handler runs, and can cut off a response that has begun.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal abstract class ServerChannel(Connection connection) : MessageChannel(connection)
{
    private ChannelExtras? _extras;

    public abstract ServerContext Server { get; }

    /// <inheritdoc/>
    public sealed override ChannelLimits Limits => Server.Limits;

    /// <summary>
    /// True if it holds what a request needs: only then records of its requests can wait.
    /// </summary>
    public abstract bool HasExchange { get; }

    /// <summary>True once it has needed what only some connections have.</summary>
    public bool HasExtras => _extras is not null;

    /// <summary>Bytes that were written and that the client has not acknowledged.</summary>
    public long UndeliveredBytes => Math.Max(0, WrittenBytes - Connection.AcknowledgedBytes);

    /// <summary>What became of what was written before the connection ended.</summary>
    public Delivery Delivery
    {
        get => _extras?.Delivery ?? Delivery.Pending;
        protected set => Extras.Delivery = value;
    }

    /// <summary>
    /// Bytes of the responses ahead of one that is cut off; null if none is. The connection is
    /// reset when the client has acknowledged them.
    /// </summary>
    public long? BrokenBehind => _extras?.BrokenBehind;

    /// <inheritdoc/>
    public sealed override CancellationToken Aborted
    {
        get
        {
            BeginWatch();
            return Extras.Watch!.Token;
        }
    }

    protected ChannelExtras Extras => _extras ??= new ChannelExtras();

    /// <inheritdoc/>
    protected sealed override SendPace Pace => Extras.Pace ??= new SendPace(Limits);

    /// <inheritdoc/>
    protected sealed override bool HasReadAhead => _extras?.Watch is { HasReceived: true };

    /// <summary>Makes a move of <see cref="ConnectionStates"/>.</summary>
    public abstract void Move(ConnectionEvent happened);

    /// <summary>
    /// The lingering close knows what became of the output. The records of its requests end here.
    /// </summary>
    public abstract void NoteDelivery(Delivery delivery);

    /// <summary>Resets the connection; what the client has acknowledged by now counts.</summary>
    public abstract void Abort();

    /// <summary>The client has left while its request was answered.</summary>
    public abstract void OnClientGone();

    /// <inheritdoc/>
    public sealed override PeerState AskPeer()
    {
        ClientWatch.Ask(this);
        return Peer;
    }

    /// <inheritdoc/>
    public sealed override void Report(Rejection reason, long offset)
    {
        RejectionInfo info = RejectionTable.Get(reason);
        HttpMetrics.Rejected(info.Id);
        Server.Lines.Refused(Connection, offset, info);
    }

    /// <summary>Watches whether the client stays, for the present request.</summary>
    public void BeginWatch() => (Extras.Watch ??= new ClientWatch(this)).Begin();

    /// <summary>The present request has ended.</summary>
    public void EndWatch() => _extras?.Watch?.End();

    /// <summary>Bytes, or the end, were received that no reader knows of.</summary>
    public void OnReadAhead() => _extras?.Watch?.HasReceived = true;

    /// <summary>
    /// Cuts off the response that has begun behind so many bytes: with a reset, at once if the
    /// client has acknowledged what is ahead of it, else by the lingering close.
    /// </summary>
    public void Break(long aheadBytes)
    {
        if (Connection.IsClosed || Connection.AcknowledgedBytes >= aheadBytes)
        {
            Abort();
        }
        else
        {
            Extras.BrokenBehind = aheadBytes;
        }
    }

    /// <inheritdoc/>
    protected sealed override void OnReading() => _extras?.Watch?.HasReceived = false;

    /// <inheritdoc/>
    protected sealed override void OnConsumed() => _extras?.Watch?.Resume();

    /// <summary>Another than the watch may have found out that the client has left.</summary>
    protected void NotePeer() => _extras?.Watch?.NotePeer();
}
