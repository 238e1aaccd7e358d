using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Where one connection stands, and how much of its life is left. Each step goes through
/// <see cref="Move"/>; one that the table does not have kills the connection.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ConnectionLife(HttpServer server, Connection connection)
{
    private readonly TimeSpan _born = connection.Loop.Time;
    private ConnectionState _state;
    private long _requests;

    public ConnectionState State => _state;

    /// <summary>
    /// Makes a move; an illegal one, which is a mistake of ours, resets the connection: whatever it
    /// would say next is in doubt.
    /// </summary>
    public void Move(ConnectionEvent happened)
    {
        ConnectionState before = _state;
        if (!ConnectionStates.TryMove(ref _state, happened))
        {
            HttpLog.IllegalMove(server.Logger, connection.RemoteEndPoint, before, happened);
            _state = ConnectionState.Closed;
            connection.Abort();
        }
    }

    /// <summary>
    /// Counts a request, and says whether another may follow it on this connection.
    /// </summary>
    public bool MayBeKept()
    {
        HttpServerOptions options = server.Options;
        _requests++;
        return !server.IsShuttingDown
            && !(_requests >= options.RequestsPerConnectionMax)
            && (options.ConnectionAgeMax is not { } age || connection.Loop.Time - _born <= age);
    }
}
