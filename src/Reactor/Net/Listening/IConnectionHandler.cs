namespace Reactor.Net;

/// <summary>Serves the connections of a <see cref="LoopServer"/>, each in a task.</summary>
public interface IConnectionHandler
{
    /// <summary>
    /// Serves a connection until it ends, in a task of its own; the server then closes it. Loop
    /// thread only.
    /// </summary>
    Coroutine ServeAsync(Connection connection);
}
