using System.Net;
using System.Net.Sockets;

namespace Reactor.Net;

/// <summary>
/// From a host name to addresses. A look-up may take seconds, so it runs on an executor; an address
/// is not looked up.
/// </summary>
internal static class HostNames
{
    /// <exception cref="SocketException">
    /// The name is not known, or the address names an interface that this machine does not have.
    /// </exception>
    public static async Coroutine<IReadOnlyList<IPAddress>> Resolve(EventLoop loop, string host)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        if (!IPAddress.TryParse(host, out IPAddress? address))
        {
            return await loop.RunInExecutor(() => Dns.GetHostAddresses(host));
        }

        ThrowIfZoneIsUnknown(host, address);
        return [address];
    }

    // The zone of an IPv6 address (RFC 4007, section 11) is the number or name of an interface.
    // IPAddress drops a name that this machine does not have; the address then means any interface.
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
