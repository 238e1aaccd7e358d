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

    public sealed override ChannelLimits Limits => Server.Limits;

    /// <summary>True unless it is idle: only then records of requests can wait.</summary>
    public abstract bool HasExchange { get; }

    public bool HasExtras => _extras is not null;

    public long UndeliveredBytes => Math.Max(0, WrittenBytes - Connection.GetAcknowledgedBytes());

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

    public sealed override CancellationToken Aborted
    {
        get
        {
            BeginWatch();
            return Extras.Watch!.Token;
        }
    }

    protected ChannelExtras Extras => _extras ??= new ChannelExtras();

    protected sealed override SendPace Pace => Extras.Pace ??= new SendPace(Limits);

    protected sealed override bool HasReadAhead => _extras?.Watch is { HasReceived: true };

    /// <summary>Notes what became of the output, and ends the records of requests.</summary>
    public abstract void NoteDelivery(Delivery delivery);

    public abstract void Abort();

    /// <summary>The client has left while its request was answered.</summary>
    public abstract void OnClientGone();

    public sealed override PeerState AskPeer()
    {
        ClientWatch.Ask(this);
        return Peer;
    }

    public sealed override void Report(Rejection reason, long offset)
    {
        RejectionInfo info = RejectionTable.Get(reason);
        HttpMetrics.Rejected(info.Id);
        Server.Lines.Refused(Connection, offset, info);
    }

    /// <summary>Watches whether the client stays, for the present request.</summary>
    public void BeginWatch() => (Extras.Watch ??= new ClientWatch(this)).Begin();

    public void EndWatch() => _extras?.Watch?.End();

    /// <summary>Bytes, or the end, were received that no reader knows of.</summary>
    public void OnReadAhead() => _extras?.Watch?.HasReceived = true;

    /// <summary>
    /// Cuts off the response that has begun behind so many bytes: with a reset, at once if the
    /// client has acknowledged what is ahead of it, else by the lingering close.
    /// </summary>
    public void Break(long aheadBytes)
    {
        if (Connection.IsClosed || Connection.GetAcknowledgedBytes() >= aheadBytes)
        {
            Abort();
        }
        else
        {
            Extras.BrokenBehind = aheadBytes;
        }
    }

    protected sealed override void OnReading() => _extras?.Watch?.HasReceived = false;

    protected sealed override void OnConsumed() => _extras?.Watch?.Resume();

    /// <summary>The client may have been found to have left.</summary>
    protected void NotePeer() => _extras?.Watch?.NotePeer();
}
