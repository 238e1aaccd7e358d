namespace Reactor.Net;

/// <summary>
/// The limits of a transport's write buffer. Immutable; read when a connection is made.
/// </summary>
public sealed record TransportOptions
{
    /// <summary>
    /// Bytes above which the protocol is told to pause. Default 64 KiB, asyncio's.
    /// </summary>
    public int WriteBufferHighBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// Bytes at which the protocol is told to resume. Default 32 KiB.
    /// </summary>
    public int WriteBufferLowBytes { get; init; } = 32 * 1024;

    /// <summary>
    /// Maximum bytes in the buffer. A protocol that ignores <see cref="IProtocol.PauseWriting"/>
    /// and writes more loses its connection with an error. Default 64 MiB.
    /// </summary>
    public long WriteBufferBytesMax { get; init; } = 64 * 1024 * 1024;
}
