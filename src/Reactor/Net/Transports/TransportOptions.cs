namespace Reactor.Net;

/// <summary>
/// What the write buffer of a transport may hold, each limit with its default and the reason for
/// it. Immutable; it is read when a connection is made.
/// </summary>
public sealed record TransportOptions
{
    /// <summary>
    /// Bytes above which the protocol is told to pause. Default 64 KiB, asyncio's: a few times what
    /// the kernel buffers for a usual connection, so that a pause means a slow peer.
    /// </summary>
    public int WriteBufferHighBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// Bytes at which the protocol is told to go on. Default 32 KiB: the peer still has something
    /// to read while the protocol makes more.
    /// </summary>
    public int WriteBufferLowBytes { get; init; } = 32 * 1024;

    /// <summary>
    /// The most bytes that the buffer ever holds. A protocol that writes more regardless of
    /// <see cref="IProtocol.PauseWriting"/> loses its connection, with an error that says so:
    /// asyncio would take all the memory there is. Default 64 MiB, a thousand times the high mark:
    /// only a program that never looks at the pause gets there.
    /// </summary>
    public long WriteBufferBytesMax { get; init; } = 64 * 1024 * 1024;
}
