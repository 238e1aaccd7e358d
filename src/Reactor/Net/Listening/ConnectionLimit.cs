namespace Reactor.Net;

/// <summary>
/// How many connections a server may have under a limit of descriptors: one that accepts up to the
/// limit has none left for its log, its wake-up and its files. Any thread.
/// </summary>
internal static class ConnectionLimit
{
    /// <summary>What a server leaves for everything that is no connection of its own.</summary>
    private const int Reserved = 512;

    /// <summary>
    /// The connections that a server accepts unless it is told otherwise: the limit less the
    /// reserve, and of a small limit half.
    /// </summary>
    /// <param name="descriptors">The limit of descriptors; null: there is none.</param>
    public static int ConnectionsFor(int? descriptors) => descriptors is { } limit
        ? Math.Max(limit - Reserved, Math.Max(limit / 2, 1))
        : int.MaxValue;
}
