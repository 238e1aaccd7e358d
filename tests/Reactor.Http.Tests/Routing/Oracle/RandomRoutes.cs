using Reactor.Http.Routing;

namespace Reactor.Http.Tests.Routing.Oracle;

/// <summary>
/// Random routes of one set: of a few hosts, prefixes and segments, so that they have much in
/// common; and random requests for them.
/// </summary>
internal sealed class RandomRoutes
{
    private static readonly string[] s_segments =
    [
        "a", "b", "7", "12", "ab", "m", "\u00E9", "{#}", "{#}", "{#:raw}", "{#:int}", "{#:int}",
        "{#:long}", "{#:range(1,9)}", "{#:range(5,300)}", "{#:int:len(1,2)}", "{#:alpha}",
        "{#:alpha:len(2,3)}", "{#:guid}", "{#:len(1,2)}", "{#:len(2,3)}", "{#:len(36,36)}",
        "{#:len(2,4)}", "{#:raw:len(2,3)}", "{#:raw:len(3,5)}",
    ];

    private static readonly string[] s_ends = ["", "", "{rest...}", "{rest...}", "{rest:raw...}"];

    private static readonly string[] s_hosts =
        ["", "", "", "a.example", "*.example", "*.b.example", "c.b.example"];

    private static readonly string[] s_asked =
    [
        "none.org", "a.example", "x.example", "c.b.example", "d.b.example", "b.example", "example",
    ];

    private static readonly string[] s_prefixes = ["", "", "/m", "/m/n", "/{p:int}", "/{p}/m"];

    private static readonly string[] s_methods =
        ["GET", "GET", "GET", "POST", "POST", "HEAD", "PUT", "*", "TRACE", "PROPFIND"];

    private readonly Random _random;
    private readonly string[] _segments;

    public RandomRoutes(Random random)
    {
        _random = random;
        _segments = [.. Enumerable.Range(0, 7).Select(_ => Pick(s_segments))];
        Scopes.Add(new OracleScope("", new OraclePattern("")));
        for (int i = random.Next(4); i > 0; i--)
        {
            string host = Pick(s_hosts);
            Scopes.Add(new OracleScope(host, new OraclePattern("")));
            Scopes.Add(new OracleScope(host, new OraclePattern(Pick(s_prefixes))));
        }
    }

    /// <summary>
    /// Where routes are added: to all hosts, and for each host without a prefix before with one.
    /// </summary>
    public List<OracleScope> Scopes { get; } = [];

    public OracleRoute NextRoute()
    {
        OracleScope scope = Pick(Scopes);
        int count = _random.Next(3);
        var parts = Enumerable.Range(0, count)
            .Select(i => Pick(_segments).Replace("#", $"v{i}", StringComparison.Ordinal))
            .ToList();
        if (count == 0 || _random.Next(4) == 0)
        {
            parts.Add(Pick(s_ends));
        }

        string own = scope.Prefix.Text.Length > 0 && _random.Next(8) == 0
            ? "" : "/" + string.Join('/', parts);
        return new OracleRoute(
            scope, Pick(s_methods), new OraclePattern(RoutePattern.Join(scope.Prefix.Text, own)));
    }

    public string NextHost() => Pick(s_asked);

    public string NextMethod() => Pick(s_methods) is var method and not "*" ? method : "PATCH";

    /// <summary>
    /// The numbers of the segments of a path: mostly one that some route matches, perhaps with one
    /// segment changed.
    /// </summary>
    public int[] NextPath(IReadOnlyList<OracleRoute> routes)
    {
        OraclePattern pattern = routes.Count == 0
            ? new OraclePattern("/a") : routes[_random.Next(routes.Count)].Pattern;
        int more = pattern.Segments[^1].IsTail ? _random.Next(3) : 0;
        int[] path = new int[pattern.Segments.Length + more];
        for (int i = 0; i < path.Length; i++)
        {
            path[i] = OneOf(pattern.At(i).Matches(isLast: i == path.Length - 1));
        }

        if (_random.Next(3) == 0)
        {
            path[_random.Next(path.Length)] = _random.Next(SentSegment.All.Count);
        }

        return path;
    }

    /// <summary>The same host as clients may write it.</summary>
    public string Spelling(string host) => _random.Next(4) switch
    {
        0 => host.ToUpperInvariant() + ":8080",
        1 => host + ".",
        2 => host + ".:80",
        _ => host,
    };

    public int Next(int below) => _random.Next(below);

    private int OneOf(ulong bits)
    {
        int[] numbers = [.. Enumerable.Range(0, 64).Where(number => (bits >> number & 1) != 0)];
        return numbers.Length == 0 ? 0 : Pick(numbers);
    }

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];
}
