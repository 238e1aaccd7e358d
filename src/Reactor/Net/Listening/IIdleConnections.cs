namespace Reactor.Net;

/// <summary>
/// An optional interface of an <see cref="IConnectionHandler"/>: a full server closes its longest
/// idle connection to admit a new client.
/// </summary>
public interface IIdleConnections
{
    /// <summary>
    /// Closes the server's connection that has been idle longest. Loop thread only.
    /// </summary>
    /// <param name="server">The server that is full.</param>
    /// <param name="idleMin">How long it must have been idle.</param>
    /// <returns>False if there is none. A connection with unread bytes is not idle.</returns>
    bool TryCloseIdle(LoopServer server, TimeSpan idleMin);
}
