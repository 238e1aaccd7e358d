namespace Reactor.Http.Routing;

/// <summary>
/// The routes by host: an exact name, then the longest wildcard that covers it, then the routes for
/// all hosts. A look-up takes one step and one more for each length of a wildcard.
/// </summary>
internal sealed class HostMap<THandler>
{
    private readonly Dictionary<string, HostRoutes<THandler>>.AlternateLookup<ReadOnlySpan<char>>
        _exact = Make();

    // By what follows the star, ".example.com".
    private readonly Dictionary<string, HostRoutes<THandler>>.AlternateLookup<ReadOnlySpan<char>>
        _wildcards = Make();

    private readonly List<HostRoutes<THandler>> _all = [new("", 0)];
    private int[] _suffixLengths = []; // longest first

    public IReadOnlyList<HostRoutes<THandler>> All => _all;

    public HostRoutes<THandler> Get(string host)
    {
        if (host.Length == 0)
        {
            return _all[0];
        }

        string key = RouteHost.IsWildcard(host) ? host[1..] : host;
        var map = RouteHost.IsWildcard(host) ? _wildcards : _exact;
        if (!map.TryGetValue(key, out HostRoutes<THandler>? routes))
        {
            routes = new(host, _all.Count) { Next = FindWildcard(host, host.Length) };
            map[key] = routes;
            _all.Add(routes);
            if (RouteHost.IsWildcard(host))
            {
                LinkAll();
            }
        }

        return routes;
    }

    /// <summary>The most specific routes of a host in normal form, or "".</summary>
    public HostRoutes<THandler> Find(ReadOnlySpan<char> host) =>
        _exact.TryGetValue(host, out HostRoutes<THandler>? routes)
            ? routes
            : FindWildcard(host, host.Length);

    // A star stands for at least one character.
    private HostRoutes<THandler> FindWildcard(ReadOnlySpan<char> host, int below)
    {
        foreach (int length in _suffixLengths)
        {
            if (length < below && _wildcards.TryGetValue(
                host[^length..], out HostRoutes<THandler>? routes))
            {
                return routes;
            }
        }

        return _all[0];
    }

    private void LinkAll()
    {
        _suffixLengths = [.. _wildcards.Dictionary.Keys
            .Select(suffix => suffix.Length).Distinct().OrderDescending()];
        foreach (HostRoutes<THandler> routes in _all.Skip(1))
        {
            int below = RouteHost.IsWildcard(routes.Host)
                ? routes.Host.Length - 1 : routes.Host.Length;
            routes.Next = FindWildcard(routes.Host, below);
        }
    }

    private static Dictionary<string, HostRoutes<THandler>>.AlternateLookup<ReadOnlySpan<char>>
        Make() => new Dictionary<string, HostRoutes<THandler>>(StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
}
