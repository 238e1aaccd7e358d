namespace Reactor.Net;

/// <summary>
/// Derives a server's connection limit from the limit of descriptors, some of which stay free.
/// Any thread.
/// </summary>
internal static class ConnectionLimit
{
    private const int Reserved = 512;

    /// <summary>The limit less the reserve; of a small limit half; without a limit all.</summary>
    public static int ConnectionsFor(int? descriptors) => descriptors is { } limit
        ? Math.Max(limit - Reserved, Math.Max(limit / 2, 1))
        : int.MaxValue;
}
