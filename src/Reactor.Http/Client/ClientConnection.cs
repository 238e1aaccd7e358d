using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// One connection to a server: sends a request, reads its response, one after the other.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ClientConnection(Connection connection, ClientOrigin origin)
{
    public Connection Connection { get; } = connection;

    public ClientOrigin Origin { get; } = origin;

    /// <summary>True between exchanges, if the next may use it.</summary>
    public bool IsReusable => throw new NotImplementedException();

    /// <summary>True if an exchange was made on it before the present one.</summary>
    public bool IsReused => throw new NotImplementedException();

    public void Close() => Connection.Close();
}
