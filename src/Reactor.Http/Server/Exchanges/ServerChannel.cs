using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// The channel that a server's connection lends to an exchange: also watches the client while a
/// handler runs, and can cut off a begun response.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal abstract class ServerChannel(Connection connection) : MessageChannel(connection)
{
    private ChannelExtras? _extras;

    public abstract ServerContext Server { get; }

    public sealed override ChannelLimits Limits => Server.Limits;

    public bool HasExtras => _extras is not null;

    public Delivery Delivery
    {
        get => _extras?.Delivery ?? Delivery.Pending;
        protected set => Extras.Delivery = value;
    }

    /// <summary>
    /// Bytes of the responses ahead of one that is cut off, or null. When the client has
    /// acknowledged them, the connection is reset.
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

    /// <summary>Notes what became of the output, and ends the records.</summary>
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

    /// <summary>Watches the client during the present request.</summary>
    public void BeginWatch() => (Extras.Watch ??= new ClientWatch(this)).Begin();

    public void EndWatch() => _extras?.Watch?.End();

    public void OnReadAhead() => _extras?.Watch?.HasReceived = true;

    /// <summary>
    /// Cuts off the begun response behind so many bytes by a reset: now, or when the client has
    /// acknowledged those.
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

    protected void NotePeer() => _extras?.Watch?.NotePeer();
}
