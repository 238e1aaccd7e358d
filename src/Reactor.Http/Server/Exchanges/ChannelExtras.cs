namespace Reactor.Http;

/// <summary>
/// What only some connections need, made on first use: an idle connection pays one reference for
/// all of it.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ChannelExtras
{
    /// <summary>Set once a handler asks whether the client stays.</summary>
    public ClientWatch? Watch;

    /// <summary>Set once the client took less than all at once.</summary>
    public SendPace? Pace;

    public Delivery Delivery;

    public long? BrokenBehind;

    /// <summary>When the connection began, if its age has a limit.</summary>
    public TimeSpan Born;
}
