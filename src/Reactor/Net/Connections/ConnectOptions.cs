using System.Net;

namespace Reactor.Net;

/// <summary>
/// How a connection is opened; each setting with its default and the reason for it. Immutable.
/// </summary>
public sealed record ConnectOptions
{
    /// <summary>
    /// The head start that each address of a host has before the next one is tried beside it (RFC
    /// 8305, "happy eyeballs"). Default 250 ms, what section 5 recommends: longer than nearly every
    /// handshake, shorter than a person's patience. Null or <see cref="Timeout.InfiniteTimeSpan"/>:
    /// the next one only when one has failed, which is asyncio's default.
    /// </summary>
    public TimeSpan? HappyEyeballsDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Take the families of addresses in turn, the resolver's first choice first. Default true (RFC
    /// 8305, section 4): a host whose IPv6 is broken costs one delay, not one for each of its
    /// addresses.
    /// </summary>
    public bool InterleaveFamilies { get; init; } = true;

    /// <summary>
    /// The address of this end; null, the default: the kernel picks. Addresses of the other family
    /// cannot be reached from it, and count as failed.
    /// </summary>
    public EndPoint? LocalEndPoint { get; init; }

    /// <summary>The limits of the stream helpers on the connection.</summary>
    public StreamOptions Stream { get; init; } = StreamOptions.Default;
}
