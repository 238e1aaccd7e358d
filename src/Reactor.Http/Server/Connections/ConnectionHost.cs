namespace Reactor.Http;

/// <summary>What a connection needs of its server, and the list of open connections.</summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ConnectionHost(ServerContext context, ExchangePool exchanges)
{
    public ServerContext Context => context;

    public ExchangePool Exchanges => exchanges;

    public OpenConnections Connections { get; } = new();

    /// <summary>Frees what is kept for later requests.</summary>
    public void ReleasePooled()
    {
        Exchanges.Clear();
        Context.Trim();
        Context.Observation.End();
    }

    public void Add(OpenConnection connection)
    {
        Connections.Add(connection);
        HttpMetrics.Connected(1);
        context.Lines.Opened(connection.Connection);
    }

    public void Remove(OpenConnection connection)
    {
        Connections.Remove(connection);
        HttpMetrics.Connected(-1);
        context.Lines.Closed(connection.Connection, connection.RequestCount);
    }
}
