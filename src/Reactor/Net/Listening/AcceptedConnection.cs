namespace Reactor.Net;

/// <summary>The server of an accepted connection, for handlers that serve several.</summary>
internal static class AcceptedConnection
{
    extension(Connection connection)
    {
        /// <summary>The server that accepted it; null for one that was opened from here.</summary>
        public LoopServer? Server => (LoopServer?)connection.Owner;
    }
}
