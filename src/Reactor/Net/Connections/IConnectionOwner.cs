namespace Reactor.Net;

/// <summary>Is told of the close of the connections that it has accepted.</summary>
internal interface IConnectionOwner
{
    /// <summary>A connection was closed, by either side.</summary>
    void OnClosed(Connection connection);
}
