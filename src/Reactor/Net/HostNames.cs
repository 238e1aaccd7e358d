using System.Net;

namespace Reactor.Net;

/// <summary>
/// From a host name to addresses. A look-up may take seconds, so it runs on an executor; an address
/// is not looked up.
/// </summary>
internal static class HostNames
{
    public static async Coroutine<IReadOnlyList<IPAddress>> Resolve(EventLoop loop, string host)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        return IPAddress.TryParse(host, out IPAddress? address)
            ? [address]
            : await loop.RunInExecutor(() => Dns.GetHostAddresses(host));
    }
}
