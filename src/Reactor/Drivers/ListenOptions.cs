namespace Reactor.Drivers;

/// <summary>How a listener is opened, on every driver. Immutable.</summary>
public sealed record ListenOptions
{
    /// <summary>
    /// Connections that the kernel queues until they are accepted. Default 1024, twice that of
    /// Kestrel and nginx: the queue must hold a burst for a turn of the loop.
    /// </summary>
    public int Backlog { get; init; } = 1024;

    /// <summary>
    /// TCP_NODELAY. Default true: a response is flushed whole, so Nagle's algorithm only delays.
    /// </summary>
    public bool NoDelay { get; init; } = true;

    /// <summary>
    /// Bytes that the kernel queues for a peer beyond those in flight (TCP_NOTSENT_LOWAT; Linux and
    /// macOS); null: as many as its buffers hold, some megabytes. Default 128 KiB: enough for a
    /// round trip, and a thousand clients that do not read hold 128 MiB instead of 4 GiB.
    /// </summary>
    public int? UnsentBytesMax { get; init; } = 128 * 1024;

    /// <summary>
    /// True: listeners of this user that all set it share an address, and the kernel distributes
    /// the connections (SO_REUSEPORT), one listener a loop. Default false: an address in use is an
    /// error. Linux only.
    /// </summary>
    public bool ReusePort { get; init; }
}
