namespace Reactor.Http;

/// <summary>
/// Where a <see cref="ClientContent"/> writes itself. A write waits while the server reads slowly.
/// </summary>
/// <remarks>Loop thread only; valid until <see cref="ClientContent.WriteAsync"/> ends.</remarks>
public abstract class ClientBodyWriter
{
    /// <summary>Sends a part of the content.</summary>
    /// <exception cref="ClientException">The server takes no more.</exception>
    /// <exception cref="InvalidOperationException">
    /// It is more than was announced, or the request has ended.
    /// </exception>
    public abstract Coroutine WriteAsync(ReadOnlyMemory<byte> content);
}
