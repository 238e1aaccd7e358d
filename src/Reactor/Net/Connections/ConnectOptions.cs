using System.Net;

namespace Reactor.Net;

/// <summary>How a connection is opened. Immutable.</summary>
public sealed record ConnectOptions
{
    /// <summary>
    /// The head start of each address before the next one is tried beside it (RFC 8305). Default
    /// 250 ms, as section 5 recommends. Null or <see cref="Timeout.InfiniteTimeSpan"/>: the next
    /// one only after a failure, which is asyncio's default.
    /// </summary>
    public TimeSpan? HappyEyeballsDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// True: the address families take turns, the resolver's first choice first. Default true (RFC
    /// 8305, section 4): broken IPv6 costs one delay, not one for each address.
    /// </summary>
    public bool InterleaveFamilies { get; init; } = true;

    /// <summary>
    /// The address of this end; null, the default: the kernel picks. Addresses of the other family
    /// then count as failed.
    /// </summary>
    public EndPoint? LocalEndPoint { get; init; }

    /// <summary>The limits of the stream helpers on the connection.</summary>
    public StreamOptions Stream { get; init; } = StreamOptions.Default;
}
