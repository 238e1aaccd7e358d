using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Reactor.Http;

/// <summary>
/// How many requests a client may send: a token bucket that holds <see cref="Burst"/> and refills
/// evenly, <see cref="Requests"/> in each <see cref="Window"/>.
/// </summary>
/// <remarks>Immutable; any thread. A wrong value throws where it is set.</remarks>
public sealed record RateLimitOptions
{
    /// <summary>Longer keys are replaced by a hash of them, so that memory is bounded.</summary>
    internal const int KeyCharsMax = 128;

    /// <summary>Requests in each <see cref="Window"/>, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public required int Requests { get; init => field = OptionValue.AtLeast(1, value); }

    /// <summary>The time for <see cref="Requests"/>. Default 1 minute.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive, or infinite.</exception>
    public TimeSpan Window
    {
        get;
        init => field = OptionValue.Positive(OptionValue.Finite(value));
    } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Requests that a client may send at once after a pause, at least 1. Default null: as many as
    /// <see cref="Requests"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? Burst { get; init => field = OptionValue.AtLeast(1, value); }

    /// <summary>
    /// Keys that each loop remembers, about 200 bytes each; default 10,000. A key counts until its
    /// bucket is full again. When there are more, the fullest bucket is forgotten, so that new keys
    /// displace each other and not a client that is limited.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int KeysMax { get; init => field = OptionValue.AtLeast(1, value); } = 10_000;

    /// <summary>
    /// Names the requests that are counted together; null does not limit the request. Default
    /// <see cref="ClientNetwork"/>. Behind a proxy every client has its address: take the client's
    /// from the field that the proxy sets, if no client can reach the server without it. Loop
    /// thread; must not wait.
    /// </summary>
    public Func<Request, string?> Key
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Key));
            field = value;
        }
    } = ClientNetwork;

    /// <summary>
    /// The client as one key: its IPv4 address, also if mapped to IPv6; the first 64 bits of its
    /// IPv6 address, since a client has all the others; one key for all clients of a Unix socket.
    /// Loop thread only.
    /// </summary>
    /// <param name="request">The request.</param>
    public static string ClientNetwork(Request request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return NetworkOf(request.RemoteEndPoint);
    }

    internal static string NetworkOf(EndPoint? peer)
    {
        if (peer is not IPEndPoint { Address: var address })
        {
            return peer is UnixDomainSocketEndPoint ? "unix" : "unknown";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return address.ToString();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    /// <summary>The key of a request, of bounded length, or null.</summary>
    internal string? KeyOf(Request request) => Key(request) is not { } key ? null
        : key.Length <= KeyCharsMax ? key
        : Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(key.AsSpan())));
}
