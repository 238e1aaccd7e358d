namespace Reactor.Drivers;

/// <summary>
/// How a listener is opened, on whichever driver; each setting with its default and the reason for
/// it. Immutable.
/// </summary>
public sealed record ListenOptions
{
    /// <summary>
    /// Connections that the kernel keeps until they are accepted. Default 1024: twice what Kestrel
    /// and nginx ask for, because a burst must outlast one turn of one loop.
    /// </summary>
    public int Backlog { get; init; } = 1024;

    /// <summary>
    /// Send small answers at once (TCP_NODELAY). Default true: a response is flushed whole, so
    /// there is nothing that Nagle's algorithm could join.
    /// </summary>
    public bool NoDelay { get; init; } = true;

    /// <summary>
    /// Bytes that the kernel keeps for one peer beyond those that are on their way to it
    /// (TCP_NOTSENT_LOWAT; Linux and macOS); null: as many as its buffers hold, some megabytes.
    /// Default 128 KiB: enough for the next round trip, while a thousand clients that ask for much
    /// and read nothing hold 128 MiB instead of 4 GiB, and their slowness is seen at once.
    /// </summary>
    public int? UnsentBytesMax { get; init; } = 128 * 1024;

    /// <summary>
    /// True: other listeners that ask for it too, of this user, may have the same address, and the
    /// kernel divides the connections among them (SO_REUSEPORT): one listener for each of several
    /// loops. Default false: an address that is taken is an error. Linux only.
    /// </summary>
    public bool ReusePort { get; init; }
}
