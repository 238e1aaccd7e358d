namespace Reactor.Http;

/// <summary>
/// What only some connections have, made when one first needs any of it: an idle connection pays
/// one reference for all of it.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ChannelExtras
{
    /// <summary>Watches whether the client stays, where a handler asks.</summary>
    public ClientWatch? Watch;

    /// <summary>How the client takes what is sent, once it took less than all at once.</summary>
    public SendPace? Pace;

    /// <summary>What became of the output, once the connection has ended.</summary>
    public Delivery Delivery;

    /// <summary>Bytes of the responses ahead of one that is cut off.</summary>
    public long? BrokenBehind;

    /// <summary>When the connection began, where its age has a limit.</summary>
    public TimeSpan Born;
}
