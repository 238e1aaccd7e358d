// The route table against a list of routes that is searched from one end to the other: random sets
// of routes with hosts, prefixes, constraints and methods, and random requests to each.
using Reactor.Http.Routing;
using Reactor.Testing;

namespace Reactor.Http.Tests.Routing.Oracle;

public sealed class RouteOracleTests
{
    private const int Routes = 9;
    private const int Requests = 12;

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
        ["", "a.example", "x.example", "c.b.example", "d.b.example", "b.example", "example"];

    private static readonly string[] s_prefixes = ["", "", "/m", "/m/n", "/{p:int}", "/{p}/m"];

    private static readonly string[] s_methods =
        ["GET", "GET", "GET", "POST", "POST", "HEAD", "PUT", "*", "TRACE", "PROPFIND"];

    // Few, so that the routes of a set have much in common.
    private sealed record Choice(string[] Hosts, string[] Prefixes, string[] Segments);

    [Test]
    public void Two_thousand_random_sets_of_routes_match_as_a_list_does() => Check(2_000);

    [Test]
    [Category("Slow")]
    public void A_hundred_thousand_random_sets_of_routes_match_as_a_list_does() => Check(100_000);

    private static void Check(int sets)
    {
        Random random = TestSeed.NewRandom();
        var counts = new Dictionary<string, int>();
        for (int set = 0; set < sets; set++)
        {
            var oracle = new RouteOracle();
            var table = new RouteTable<OracleRoute>();
            Choice choice = new(
                Some(random, s_hosts, 3), Some(random, s_prefixes, 2), Some(random, s_segments, 7));
            AddScopes(random, choice, oracle, table);
            for (int i = 0; i < Routes; i++)
            {
                Count(counts, Add(RandomRoute(random, choice), oracle, table));
            }

            for (int i = 0; i < Requests; i++)
            {
                Count(counts, Ask(random, oracle, table));
            }
        }

        foreach ((string what, int count) in counts.OrderBy(pair => pair.Key))
        {
            TestContext.Out.WriteLine($"{count} {what}");
            Assert.That(count, Is.GreaterThan(sets / 20), what);
        }

        Assert.That(counts, Has.Count.EqualTo(5));
    }

    private static void AddScopes(
        Random random, Choice choice, RouteOracle oracle, RouteTable<OracleRoute> table)
    {
        for (int i = random.Next(4); i >= 0; i--)
        {
            var scope = new OracleScope(
                Pick(random, choice.Hosts), new OraclePattern(Pick(random, choice.Prefixes)));
            table.AddScope(scope.Host, scope.Prefix.Text, scope);
            if (!oracle.Scopes.Exists(
                one => one.Host == scope.Host && one.Prefix.Text == scope.Prefix.Text))
            {
                oracle.Scopes.Add(scope);
            }
        }
    }

    private static string Add(
        OracleRoute route, RouteOracle oracle, RouteTable<OracleRoute> table)
    {
        OracleRoute? other = oracle.ConflictOf(route);
        string? message = null;
        try
        {
            table.Add(route.Host, route.Method, route.Pattern.Text, route);
            oracle.Routes.Add(route);
        }
        catch (ArgumentException error)
        {
            message = error.Message;
        }

        Assert.That(message is null, Is.EqualTo(other is null), $"{route} with {other}: {message}");
        Assert.That(
            message is null || oracle.Routes.Exists(one => message.Contains($"'{one}'")), message);
        return message is null ? "routes added" : "conflicts";
    }

    private static string Ask(
        Random random, RouteOracle oracle, RouteTable<OracleRoute> table)
    {
        string host = Pick(random, s_asked);
        string method = Pick(random, s_methods) is var any and not "*" ? any : "PATCH";
        int[] path = RandomPath(random, oracle);
        string sent = string.Concat(path.Select(number => "/" + SentSegment.All[number].Sent));
        OracleAnswer wanted = oracle.Find(host, method, path);
        RouteMatch<OracleRoute> match =
            RouteTable<OracleRoute>.Match(table.Find(host), method, sent);
        string context = $"{method} {host}{sent} among\n{string.Join('\n', oracle.Routes)}";
        Assert.That(match.Handler, Is.EqualTo(wanted.Route), context);
        Assert.That(match.Values, Is.EqualTo(wanted.Values), context);
        Assert.That(match.Allow, Is.EqualTo(wanted.Allow), context);
        Assert.That(match.Scope?.ToString(), Is.EqualTo(wanted.Scope?.ToString()), context);
        return match.Outcome.ToString();
    }

    private static OracleRoute RandomRoute(Random random, Choice choice)
    {
        string prefix = Pick(random, choice.Prefixes);
        int count = random.Next(3);
        var parts = Enumerable.Range(0, count)
            .Select(i => Pick(random, choice.Segments).Replace("#", $"v{i}", StringComparison.Ordinal))
            .ToList();
        if (count == 0 || random.Next(4) == 0)
        {
            parts.Add(Pick(random, s_ends));
        }

        string pattern = "/" + string.Join('/', parts);
        return new OracleRoute(
            Pick(random, choice.Hosts), Pick(random, s_methods),
            new OraclePattern(RoutePattern.Join(prefix, pattern)));
    }

    // Mostly a path that some route of the set matches, perhaps with one segment changed.
    private static int[] RandomPath(Random random, RouteOracle oracle)
    {
        OraclePattern pattern = oracle.Routes.Count == 0
            ? new OraclePattern("/a") : oracle.Routes[random.Next(oracle.Routes.Count)].Pattern;
        int more = pattern.Segments[^1].IsTail ? random.Next(3) : 0;
        int[] path = new int[pattern.Segments.Length + more];
        for (int i = 0; i < path.Length; i++)
        {
            ulong matching = pattern.At(i).Matches(i == path.Length - 1);
            path[i] = Enumerable.Range(0, SentSegment.All.Count)
                .Where(number => (matching >> number & 1) != 0)
                .OrderBy(_ => random.Next()).FirstOrDefault();
        }

        if (random.Next(3) == 0)
        {
            path[random.Next(path.Length)] = random.Next(SentSegment.All.Count);
        }

        return path;
    }

    private static void Count(Dictionary<string, int> counts, string what) =>
        counts[what] = counts.GetValueOrDefault(what) + 1;

    private static string[] Some(Random random, string[] from, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Pick(random, from))];

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];
}
