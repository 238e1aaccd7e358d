namespace Reactor.Net;

/// <summary>
/// What an <see cref="IConnectionHandler"/> can also be: one that knows which of its connections
/// wait for nothing but a next request, and can end them. A full server then closes the connection
/// that has been idle longest for a client that waits to be accepted.
/// </summary>
public interface IIdleConnections
{
    /// <summary>
    /// Closes the connection of a server that has been idle longest, at once. Loop thread only.
    /// </summary>
    /// <param name="server">The server that is full.</param>
    /// <param name="idleMin">How long the connection must have been idle at least.</param>
    /// <returns>
    /// False if none has been idle for so long. A connection on which bytes have arrived is not
    /// idle, whether they were read or not.
    /// </returns>
    bool TryCloseIdle(LoopServer server, TimeSpan idleMin);
}
