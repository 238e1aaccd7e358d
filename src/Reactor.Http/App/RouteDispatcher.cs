using Reactor.Http.Protocol;
using Reactor.Http.Routing;

namespace Reactor.Http;

/// <summary>
/// Finds the endpoint of a request: a literal path by one look-up of its bytes, any other path in
/// the route table. For applications without hosts; see <see cref="HostDispatcher"/>.
/// </summary>
/// <remarks>Immutable; any thread. No client can make it grow.</remarks>
internal sealed class RouteDispatcher : IRequestDispatcher
{
    private readonly RouteLookup _lookup;
    private readonly HostRoutes<Endpoint> _routes;
    private readonly Dictionary<byte[], Endpoint?[]>.AlternateLookup<ReadOnlySpan<byte>> _literals;

    private RouteDispatcher(RouteLookup lookup)
    {
        _lookup = lookup;
        _routes = lookup.Table.Hosts[0];
        _literals = LiteralPaths.Make(_routes);
    }

    /// <summary>The dispatcher of an application.</summary>
    /// <param name="routes">The routes.</param>
    /// <param name="scopes">The applications; the first is the outermost.</param>
    /// <exception cref="ArgumentException">Two routes conflict, or a pattern is bad.</exception>
    public static IRequestDispatcher Make(
        IReadOnlyList<PlacedRoute> routes, IReadOnlyList<PlacedScope> scopes)
    {
        var lookup = new RouteLookup(routes, scopes);
        return lookup.Table.Hosts.Count > 1
            ? new HostDispatcher(lookup)
            : new RouteDispatcher(lookup);
    }

    public Endpoint OfNoHead => _lookup.OfNoHead;

    public Endpoint Find(RequestHead head, out MatchInfo match)
    {
        match = default;
        return _literals.TryGetValue(head.Path, out Endpoint?[]? byMethod)
            && byMethod[(int)head.Method] is { } endpoint
                ? endpoint
                : _lookup.Search(_routes, head, out match);
    }
}
