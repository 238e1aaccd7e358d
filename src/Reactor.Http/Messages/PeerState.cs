namespace Reactor.Http;

/// <summary>
/// Whether the peer can be sent something, and if not, which side has ended the connection, as far
/// as is known: one answer for tokens, handlers, records and the log.
/// </summary>
internal enum PeerState
{
    /// <summary>The peer can be sent more.</summary>
    Present,

    /// <summary>
    /// The peer has reset the connection or is out of reach, or, with
    /// <see cref="ChannelLimits.HalfCloseIsDisconnect"/>, has ended its stream.
    /// </summary>
    Left,

    /// <summary>This side has ended the connection, or the system has failed it.</summary>
    CutOff,
}
