namespace Reactor.Net;

/// <summary>
/// An optional interface of an <see cref="IConnectionHandler"/> that knows its idle connections. A
/// full server then closes the connection that has been idle longest to admit a new client.
/// </summary>
public interface IIdleConnections
{
    /// <summary>
    /// Closes the server's connection that has been idle longest. Loop thread only.
    /// </summary>
    /// <param name="server">The server that is full.</param>
    /// <param name="idleMin">How long the connection must have been idle at least.</param>
    /// <returns>
    /// False if none has been idle for so long. A connection with unread bytes is not idle.
    /// </returns>
    bool TryCloseIdle(LoopServer server, TimeSpan idleMin);
}
