namespace Reactor.Net;

/// <summary>
/// What only some connections have, made when somebody first asks for it: an idle connection of a
/// server has none of this and pays one reference for all of it.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ConnectionExtras
{
    /// <summary>The last of the reads that wait by way of a future.</summary>
    public Future<Unit>? Wake;

    /// <summary>Who waits for the close.</summary>
    public CloseSignal? Closed;

    public StreamReads? Reads;

    public StreamWrites? Writes;

    /// <summary>Other limits of the stream helpers than the default ones.</summary>
    public StreamOptions? StreamOptions;

    public ConnectionTransport? Transport;
}
