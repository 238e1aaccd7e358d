using Reactor.Http.Protocol;
using Reactor.Http.Routing;

namespace Reactor.Http;

/// <summary>
/// Finds the endpoint of a request by its host first; then as <see cref="RouteDispatcher"/> does,
/// with a table of literal paths for each host.
/// </summary>
/// <remarks>Immutable; any thread. No client can make it grow.</remarks>
internal sealed class HostDispatcher : IRequestDispatcher
{
    private readonly RouteLookup _lookup;

    // By the index of the host.
    private readonly Dictionary<byte[], Endpoint?[]>.AlternateLookup<ReadOnlySpan<byte>>[]
        _literals;

    public HostDispatcher(RouteLookup lookup)
    {
        _lookup = lookup;
        _literals = [.. lookup.Table.Hosts.Select(LiteralPaths.Make)];
    }

    public Endpoint OfNoHead => _lookup.OfNoHead;

    public Endpoint Find(RequestHead head, out MatchInfo match)
    {
        match = default;
        HostRoutes<Endpoint> host = FindHost(head.Authority);
        return _literals[host.Index].TryGetValue(head.Path, out Endpoint?[]? byMethod)
            && byMethod[(int)head.Method] is { } endpoint
                ? endpoint
                : _lookup.Search(host, head, out match);
    }

    // A longer name is that of no host, and gets the routes for all.
    private HostRoutes<Endpoint> FindHost(ReadOnlySpan<byte> authority)
    {
        if (authority.Length > RouteHost.LengthMax)
        {
            return _lookup.Table.Hosts[0];
        }

        Span<char> host = stackalloc char[authority.Length];
        return _lookup.Table.Find(host[..Authority.WriteHost(authority, host)]);
    }
}
