namespace Reactor.Http;

/// <summary>
/// The connections of a session: lends them to requests, keeps unused ones for a while, and queues
/// requests when a host has its most.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ClientPool(EventLoop loop, ClientOptions options)
{
    public EventLoop Loop { get; } = loop;

    public ClientOptions Options { get; } = options;

    /// <summary>Lends a connection, a kept one unless it must be new.</summary>
    /// <exception cref="ClientException">None could be had in time.</exception>
    public Coroutine<ClientConnection> RentAsync(ClientOrigin origin, bool mustBeNew) =>
        throw new NotImplementedException();

    /// <summary>Takes a connection back: keeps it if it is reusable, else closes it.</summary>
    public void Return(ClientConnection connection) => throw new NotImplementedException();
}
