namespace Reactor.Http;

/// <summary>What a connection needs of its server.</summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ConnectionHost(ServerContext context, ExchangePool exchanges)
{
    public ServerContext Context => context;

    /// <summary>The exchanges that wait for a connection.</summary>
    public ExchangePool Exchanges => exchanges;

    /// <summary>The connections that are open.</summary>
    public OpenConnections Connections { get; } = new();

    /// <summary>A connection begins.</summary>
    public void Add(OpenConnection connection)
    {
        Connections.Add(connection);
        HttpMetrics.Connected(1);
        context.Lines.Opened(connection.Connection);
    }

    /// <summary>A connection ends.</summary>
    public void Remove(OpenConnection connection)
    {
        Connections.Remove(connection);
        HttpMetrics.Connected(-1);
        context.Lines.Closed(connection.Connection, connection.RequestCount);
    }
}
