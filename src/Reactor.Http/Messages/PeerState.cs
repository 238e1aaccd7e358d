namespace Reactor.Http;

/// <summary>
/// Whether the peer of a connection can still be sent something, and if not, which side has ended
/// the connection. It follows from what the connection has seen, so all uses agree: the token of a
/// request, the cancellation of its handler, its record and the log.
/// </summary>
internal enum PeerState
{
    /// <summary>The peer can be sent more, as far as is known.</summary>
    Present,

    /// <summary>
    /// The peer has reset the connection or is out of reach; or it has ended its stream, and
    /// <see cref="ChannelLimits.HalfCloseIsDisconnect"/> takes that for the same.
    /// </summary>
    Left,

    /// <summary>This side has ended the connection, or the system has failed it.</summary>
    CutOff,
}
