using System.Net;
using Reactor.Http.Protocol;
using static System.TimeSpan;
using static Reactor.Http.OptionValue;

namespace Reactor.Http;

/// <summary>
/// The limits and habits of a <see cref="ClientSession"/>. Immutable. Setting a value outside its
/// range throws an <see cref="ArgumentException"/> that names the option and the range.
/// </summary>
public sealed record ClientOptions
{
    /// <summary>
    /// What relative URLs are resolved against, an absolute URL. Null, the default: a
    /// request must name an absolute one.
    /// </summary>
    public Uri? BaseAddress
    {
        get;
        init => field = value is null or { IsAbsoluteUri: true } ? value
            : throw new ArgumentException(
                $"{nameof(BaseAddress)} must be absolute: http://HOST.", nameof(BaseAddress));
    }

    /// <summary>Connections to one host and port at once. Default 100, as aiohttp has.</summary>
    public int ConnectionsPerHostMax { get; init => field = AtLeast(1, value); } = 100;

    /// <summary>Connections in all. Default 1,000, well below a process's descriptors.</summary>
    public int ConnectionsMax { get; init => field = AtLeast(1, value); } = 1000;

    /// <summary>
    /// Requests that may wait for a connection; 0: none may. Default 10,000, ten for each
    /// connection: a longer queue would mostly end by <see cref="PoolTimeout"/>.
    /// </summary>
    public int WaitersMax { get; init => field = AtLeast(0, value); } = 10_000;

    /// <summary>How long a request waits for a connection of the pool. Default 30 s.</summary>
    public TimeSpan PoolTimeout { get; init => field = Positive(value); } = FromSeconds(30);

    /// <summary>
    /// How long name resolution and all connection attempts together may take. Default 30 s.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init => field = Positive(value); } = FromSeconds(30);

    /// <summary>
    /// From the end of the request to the end of the response's head. Default 60 s.
    /// </summary>
    public TimeSpan HeadTimeout { get; init => field = Positive(value); } = FromSeconds(60);

    /// <summary>The longest pause between bytes of the response's body. Default 60 s.</summary>
    public TimeSpan BodyIdleTimeout { get; init => field = Positive(value); } = FromSeconds(60);

    /// <summary>
    /// The longest time without an acknowledged byte of the request. Default 60 s.
    /// </summary>
    public TimeSpan SendIdleTimeout { get; init => field = Positive(value); } = FromSeconds(60);

    /// <summary>
    /// From the call to the end of the response's body, redirects and retries included. Default 5
    /// min, as aiohttp has. May be infinite.
    /// </summary>
    public TimeSpan Timeout { get; init => field = Positive(value); } = FromMinutes(5);

    /// <summary>How long an unused connection is kept. Default 15 s, as aiohttp has.</summary>
    public TimeSpan IdleTimeout { get; init => field = Positive(value); } = FromSeconds(15);

    /// <summary>The limits of a response's head.</summary>
    public ParserLimits HeadLimits { get; init => field = NotNull(value); } = ParserLimits.Tolerant;

    /// <summary>
    /// The largest body that is read whole, in bytes after decompression. Default 64 MiB; a stream
    /// has no limit.
    /// </summary>
    public long BodyBytesMax { get; init => field = AtLeast(0, value); } = 64 * 1024 * 1024;

    /// <summary>
    /// Bytes of memory for the bodies that are being read, at least 64 KiB. At the limit reading
    /// pauses. A body that was read to its end is its caller's. Default 256 MiB, four of the
    /// largest.
    /// </summary>
    public long BodyBufferBytesMax { get; init => field = AtLeast(64L * 1024, value); } =
        256 * 1024 * 1024;

    /// <summary>Redirects that one request follows. Default 10, at most 10.</summary>
    public int RedirectsMax { get; init => field = Between(0, 10, value); } = 10;

    /// <summary>Whether redirects are followed. Default true.</summary>
    public bool FollowsRedirects { get; init; } = true;

    /// <summary>
    /// How often an idempotent request is sent again on a new connection when no byte of a response
    /// has arrived (RFC 9110 9.2.2). Default 1.
    /// </summary>
    public int RetriesMax { get; init => field = AtLeast(0, value); } = 1;

    /// <summary>
    /// The content codings that are asked for by Accept-Encoding and undone in responses: GZip,
    /// Deflate, Brotli or All. None, the default: bodies are handed out as they come, and so are
    /// those of requests with an Accept-Encoding or Range of their own.
    /// </summary>
    public DecompressionMethods Decompression
    {
        get;
        init => field = ContentCodings.AreKnown(value) ? value
            : throw new ArgumentOutOfRangeException(
                nameof(Decompression), value,
                $"{nameof(Decompression)} must be None, All, or some of GZip, Deflate and Brotli.");
    }

    /// <summary>Whether cookies are kept and sent. Default true.</summary>
    public bool UsesCookies { get; init; } = true;

    /// <summary>
    /// The proxy of all requests but those to its <see cref="ClientProxy.ExcludedHosts"/>; null,
    /// the default: none.
    /// </summary>
    public ClientProxy? Proxy { get; init; }

    /// <summary>
    /// Resolves host names, on the loop thread. Null, the default: the system does, on an executor.
    /// </summary>
    public Func<string, Coroutine<IReadOnlyList<IPAddress>>>? ResolveAsync { get; init; }

    /// <summary>Fields of every request; those of the request take precedence.</summary>
    public ClientHeaders DefaultHeaders { get; init => field = NotNull(value); } = new();

    /// <summary>The proxy of requests to an origin; null: none.</summary>
    internal ClientProxy? ProxyFor(ClientOrigin origin) =>
        Proxy is { } proxy && proxy.Serves(origin) ? proxy : null;
}
