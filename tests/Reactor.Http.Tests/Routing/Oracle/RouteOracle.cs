// The routes as a plain list, searched from one end to the other for each request: slow, and so
// short that it is plainly right.
namespace Reactor.Http.Tests.Routing.Oracle;

/// <summary>A route as a test has it.</summary>
/// <param name="Scope">The host and the prefix that it was added to.</param>
/// <param name="Method">The method, or <c>*</c>.</param>
/// <param name="Pattern">The whole pattern.</param>
internal sealed record OracleRoute(OracleScope Scope, string Method, OraclePattern Pattern)
{
    public string Host => Scope.Host;

    public override string ToString() => $"{Method} {Host}{Pattern.Text}";
}

/// <summary>The paths below a prefix, for those that no route serves.</summary>
/// <param name="Host">A host, a wildcard, or "" for all hosts.</param>
/// <param name="Prefix">The prefix.</param>
internal sealed record OracleScope(string Host, OraclePattern Prefix)
{
    public override string ToString() => $"{Host}{Prefix.Text}";

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public bool Equals(OracleScope? other) => ToString() == other?.ToString();
}

/// <summary>What a request must lead to.</summary>
internal sealed record OracleAnswer(
    OracleRoute? Route, string[] Values, string Allow, OracleScope? Scope);

internal sealed class RouteOracle(IReadOnlyList<OracleScope> scopes)
{
    public List<OracleRoute> Routes { get; } = [];

    /// <summary>A route of the list that does not go with another one.</summary>
    public OracleRoute? ConflictOf(OracleRoute added) => Routes.FirstOrDefault(route =>
        route.Host == added.Host
        && route.Pattern.HasPathWith(added.Pattern)
        && route.Pattern.Compare(added.Pattern) switch
        {
            0 => route.Method == added.Method,
            null => Methods(route).Intersect(Methods(added)).Any(),
            _ => false,
        });

    public OracleAnswer Find(string host, string method, int[] path)
    {
        var allowed = new SortedSet<string>(StringComparer.Ordinal);
        string[] hosts = [.. Applicable(host)];
        string? knowing = null;
        foreach (string one in hosts)
        {
            OracleRoute[] found =
                [.. Routes.Where(route => route.Host == one && route.Pattern.Matches(path))];
            OracleRoute? best = found.Where(route => RankOf(route, method) is not null)
                .OrderBy(route => route, Comparer<OracleRoute>.Create(
                    (a, b) => a.Pattern.Compare(b.Pattern) is not 0 and var order
                        ? order!.Value
                        : RankOf(a, method)!.Value - RankOf(b, method)!.Value))
                .FirstOrDefault();
            if (best is not null)
            {
                return new OracleAnswer(best, best.Pattern.Capture(path), "", null);
            }

            knowing ??= found.Length > 0 ? one : null;
            allowed.UnionWith(found.SelectMany(Allowed));
        }

        IEnumerable<string> from = hosts.SkipWhile(one => knowing is not null && one != knowing);
        return new OracleAnswer(
            null, [], string.Join(", ", allowed),
            from.Select(one => ScopeIn(one, path)).FirstOrDefault(scope => scope is not null));
    }

    private OracleScope? ScopeIn(string host, int[] path) => scopes
        .Where(scope => scope.Host == host && scope.Prefix.IsPrefixOf(path))
        .OrderByDescending(scope => scope.Prefix.Segments.Length)
        .ThenBy(scope => scope.Prefix, Comparer<OraclePattern>.Create(
            (a, b) => a.Compare(b)!.Value))
        .FirstOrDefault();

    private IEnumerable<string> Applicable(string host) => Routes.Select(route => route.Host)
        .Concat(scopes.Select(scope => scope.Host))
        .Where(one => one == host
            || (one.StartsWith('*') && host.Length > one.Length - 1
                && host.EndsWith(one[1..], StringComparison.Ordinal)))
        .Distinct()
        .OrderBy(one => one == host ? 0 : 1)
        .ThenByDescending(one => one.Length)
        .Where(one => one.Length > 0)
        .Append("");

    // Its own route, that of GET for HEAD, that of every method.
    private static int? RankOf(OracleRoute route, string method) =>
        route.Method == method ? 0
        : route.Method == "GET" && method == "HEAD" ? 1
        : route.Method == "*" && method != "TRACE" ? 2
        : null;

    private static string[] Methods(OracleRoute route) => route.Method switch
    {
        "GET" => ["GET", "HEAD"],
        "*" => ["GET", "HEAD", "POST", "PUT", "PROPFIND"],
        _ => [route.Method],
    };

    private static string[] Allowed(OracleRoute route) => route.Method switch
    {
        "GET" => ["GET", "HEAD", "OPTIONS"],
        "*" => ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
        _ => [route.Method, "OPTIONS"],
    };
}
