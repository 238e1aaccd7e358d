namespace Reactor.Drivers;

/// <summary>How a listener is opened, on every driver. Immutable.</summary>
public sealed record ListenOptions
{
    /// <summary>
    /// Connections that the kernel queues until they are accepted. Default 1024: a burst during a
    /// turn of the loop.
    /// </summary>
    public int Backlog { get; init; } = 1024;

    /// <summary>
    /// TCP_NODELAY. Default true: a response is flushed whole.
    /// </summary>
    public bool NoDelay { get; init; } = true;

    /// <summary>
    /// Bytes that the kernel queues beyond those in flight (TCP_NOTSENT_LOWAT; Linux and macOS);
    /// null: some megabytes. Default 128 KiB, which bounds the memory of clients that do not read.
    /// </summary>
    public int? UnsentBytesMax { get; init; } = 128 * 1024;

    /// <summary>
    /// True: listeners share an address, and the kernel distributes the connections (SO_REUSEPORT).
    /// Default false. Linux only.
    /// </summary>
    public bool ReusePort { get; init; }
}
