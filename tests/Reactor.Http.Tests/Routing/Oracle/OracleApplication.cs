using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http.Tests.Routing.Oracle;

/// <summary>
/// The routes of a set as an application with hosts, mounts and groups, and its dispatcher.
/// </summary>
internal sealed class OracleApplication
{
    private readonly Dictionary<Route, OracleRoute> _routes = [];
    private readonly RequestHead _head = new();
    private readonly IRequestDispatcher _dispatcher;

    public OracleApplication(RandomRoutes random, RouteOracle oracle)
    {
        var outermost = new Application();
        var mounted = new List<(OracleScope Scope, Application Application)>
        {
            (random.Scopes[0], outermost),
        };
        foreach (OracleScope scope in random.Scopes.Skip(1))
        {
            mounted.Add((scope, Mount(random, mounted, scope)));
        }

        foreach (OracleRoute route in oracle.Routes)
        {
            // Any application of the host and prefix, which may be mounted more than once.
            Application[] places =
                [.. mounted.Where(one => one.Scope == route.Scope).Select(one => one.Application)];
            string own = route.Pattern.Text[route.Scope.Prefix.Text.Length..];
            Route added = places[random.Next(places.Length)].Match(
                [route.Method], own, static _ => throw new NotSupportedException());
            _routes.Add(added, route);
        }

        _dispatcher = Composition.Compose(outermost);
    }

    /// <summary>The route of a request, its values, and the application as text.</summary>
    public (OracleRoute? Route, string[] Values, string Application) Find(
        string host, string method, string target)
    {
        byte[] request = Encoding.ASCII.GetBytes(
            $"{method} {target} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        _head.Reset();
        ParseStatus status = new RequestParser().Parse(request, _head, out _);
        Assert.That(status, Is.EqualTo(ParseStatus.Done), target);
        Endpoint endpoint = _dispatcher.Find(_head, out MatchInfo match);
        var application = (Application)endpoint.Owner!;
        return (
            endpoint.Route is Route route ? _routes[route] : null, match.Values.ToArray(),
            $"{application.HostName}{application.Prefix}");
    }

    // In the application of its host; perhaps in one with the beginning of its prefix.
    private static Application Mount(
        RandomRoutes random, List<(OracleScope Scope, Application Application)> mounted,
        OracleScope scope)
    {
        string prefix = scope.Prefix.Text;
        (OracleScope Scope, Application Application)[] around =
        [
            .. mounted.Where(one => one.Scope.Host == scope.Host
                && (prefix + "/").StartsWith(
                    one.Scope.Prefix.Text + "/", StringComparison.Ordinal)),
        ];
        if (around.Length == 0)
        {
            return mounted[0].Application.Host(scope.Host);
        }

        (OracleScope outer, Application application) = around[random.Next(around.Length)];
        return application.Group(prefix[outer.Prefix.Text.Length..]);
    }
}
