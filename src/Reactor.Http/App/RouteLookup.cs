using System.Buffers;
using System.Text;
using Reactor.Http.Protocol;
using Reactor.Http.Routing;

namespace Reactor.Http;

/// <summary>
/// Finds the endpoint of a request in the route table; of one that no route matches, in the
/// application with the longest prefix of its path.
/// </summary>
/// <remarks>Immutable; any thread.</remarks>
internal sealed class RouteLookup
{
    // Most paths are shorter; a longer path rents its characters.
    private const int StackChars = 256;

    private readonly GeneratedEndpoints _outermost;

    public RouteLookup(IReadOnlyList<PlacedRoute> routes, IReadOnlyList<PlacedScope> scopes)
    {
        _outermost = scopes[0].Endpoints;
        foreach (PlacedRoute route in routes)
        {
            Table.Add(route.Host ?? "", route.Method, route.Pattern, route.Endpoint);
        }

        // The only application has every path.
        foreach (PlacedScope scope in scopes.Count > 1 ? scopes : [])
        {
            Table.AddScope(scope.Host ?? "", scope.Prefix, scope.Endpoints);
        }
    }

    public RouteTable<Endpoint> Table { get; } = new();

    public Endpoint OfNoHead => _outermost.OfNoHead;

    public Endpoint Search(HostRoutes<Endpoint> host, RequestHead head, out MatchInfo match)
    {
        ReadOnlySpan<byte> bytes = head.Path;
        char[]? rented = bytes.Length < StackChars
            ? null : ArrayPool<char>.Shared.Rent(bytes.Length + 1);
        Span<char> chars = rented ?? stackalloc char[StackChars];
        ReadOnlySpan<char> path = chars[..Encoding.Latin1.GetChars(bytes, chars)];
        string method = head.Method == KnownMethod.Other
            ? Encoding.Latin1.GetString(head.MethodBytes)
            : KnownMethods.Name(head.Method);
        RouteMatch<Endpoint> found = RouteTable<Endpoint>.Match(host, method, path);
        match = new MatchInfo(found.Names, found.Values);
        Endpoint endpoint = found.Handler ?? Generate(found, host, head, method, chars);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return endpoint;
    }

    private Endpoint Generate(
        in RouteMatch<Endpoint> found, HostRoutes<Endpoint> host, RequestHead head, string method,
        Span<char> path)
    {
        var generated = (GeneratedEndpoints?)found.Scope ?? _outermost;
        return found.Outcome == RouteOutcome.NotFound
            && generated.SlashRedirect is { } redirect
            && HasOtherForm(host, method, path, head.Path.Length)
                ? redirect
                : generated.Find(found, head);
    }

    // Whether a route has the path with a slash more or less at its end. There is room for one more
    // character. A path that begins with two slashes would be redirected to another path, since
    // Location has one.
    private static bool HasOtherForm(
        HostRoutes<Endpoint> host, string method, Span<char> path, int length)
    {
        if (length < 2 || path[1] == '/')
        {
            return false;
        }

        path[length] = '/';
        ReadOnlySpan<char> other = path[..(path[length - 1] == '/' ? length - 1 : length + 1)];
        return RouteTable<Endpoint>.Match(host, method, other).Outcome == RouteOutcome.Found;
    }
}
