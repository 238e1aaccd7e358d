using System.Net;
using System.Net.Sockets;

namespace Reactor.Net;

/// <summary>
/// Resolves host names on an executor, as a look-up may take seconds; addresses are only parsed.
/// </summary>
internal static class HostNames
{
    /// <exception cref="SocketException">
    /// The name is not known, or the address names an interface that this machine does not have.
    /// </exception>
    public static async Coroutine<IReadOnlyList<IPAddress>> ResolveAsync(
        EventLoop loop, string host)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        if (!IPAddress.TryParse(host, out IPAddress? address))
        {
            return await loop.RunInExecutor(() => Dns.GetHostAddresses(host));
        }

        ThrowIfZoneIsUnknown(host, address);
        return [address];
    }

    // IPAddress drops the zone (RFC 4007, section 11) of a missing interface and then means any.
    private static void ThrowIfZoneIsUnknown(string host, IPAddress address)
    {
        int sign = host.IndexOf('%', StringComparison.Ordinal);
        if (sign >= 0 && address.ScopeId == 0 && host[sign..].TrimEnd(']') != "%0")
        {
            throw new SocketException(
                (int)SocketError.HostNotFound,
                $"This machine has no network interface '{host[(sign + 1)..].TrimEnd(']')}'.");
        }
    }
}
