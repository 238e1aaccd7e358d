using System.Net;

namespace Reactor.Net;

/// <summary>How this side opens a connection to one of several addresses. Immutable.</summary>
public sealed record ConnectOptions
{
    /// <summary>
    /// The time before the next address is tried too (RFC 8305, section 5). Default 250 ms. Null or
    /// infinite: only after a failure, asyncio's default.
    /// </summary>
    public TimeSpan? HappyEyeballsDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// True, the default: address families alternate (RFC 8305, section 4), so broken IPv6 costs
    /// one delay in all.
    /// </summary>
    public bool InterleaveFamilies { get; init; } = true;

    /// <summary>
    /// The address of this end; null, the default: any. The other family counts as failed.
    /// </summary>
    public EndPoint? LocalEndPoint { get; init; }

    /// <summary>The limits of the stream helpers.</summary>
    public StreamOptions Stream { get; init; } = StreamOptions.Default;
}
