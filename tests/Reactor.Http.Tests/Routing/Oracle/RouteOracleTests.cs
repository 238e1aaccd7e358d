// The route table and the dispatcher against a list of routes that is searched from one end to the
// other: random sets of routes with hosts, mounts, constraints and methods, and random requests.
using Reactor.Http.Routing;
using Reactor.Testing;

namespace Reactor.Http.Tests.Routing.Oracle;

public sealed class RouteOracleTests
{
    private const int Routes = 9;
    private const int Requests = 12;

    [Test]
    public void Two_thousand_random_sets_of_routes_match_as_a_list_does() => Check(2_000);

    [Test]
    [Category("Slow")]
    public void A_hundred_thousand_random_sets_of_routes_match_as_a_list_does() => Check(100_000);

    private static void Check(int sets)
    {
        Random random = TestSeed.NewRandom();
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (int set = 0; set < sets; set++)
        {
            var routes = new RandomRoutes(random);
            var oracle = new RouteOracle(routes.Scopes);
            var table = new RouteTable<OracleRoute>();
            routes.Scopes.ForEach(scope => table.AddScope(scope.Host, scope.Prefix.Text, scope));
            for (int i = 0; i < Routes; i++)
            {
                Count(counts, Add(routes.NextRoute(), oracle, table));
            }

            var application = new OracleApplication(routes, oracle);
            for (int i = 0; i < Requests; i++)
            {
                Count(counts, Ask(routes, oracle, table, application));
            }
        }

        foreach ((string what, int count) in counts)
        {
            TestContext.Out.WriteLine($"{count} {what}");
            Assert.That(count, Is.GreaterThan(sets / 20), what);
        }

        Assert.That(counts, Has.Count.EqualTo(5), "added, conflict, found, 404, 405");
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
        RandomRoutes routes, RouteOracle oracle, RouteTable<OracleRoute> table,
        OracleApplication application)
    {
        string host = routes.NextHost();
        string method = routes.NextMethod();
        int[] path = routes.NextPath(oracle.Routes);
        string sent = string.Concat(path.Select(number => "/" + SentSegment.All[number].Sent));
        OracleAnswer wanted = oracle.Find(host, method, path);
        string context = $"{method} {host}{sent} among\n{string.Join('\n', oracle.Routes)}";

        RouteMatch<OracleRoute> match =
            RouteTable<OracleRoute>.Match(table.Find(host), method, sent);
        Assert.That(match.Handler, Is.EqualTo(wanted.Route), context);
        Assert.That(match.Values, Is.EqualTo(wanted.Values), context);
        Assert.That(match.Allow, Is.EqualTo(wanted.Allow), context);
        Assert.That(match.Scope?.ToString(), Is.EqualTo(wanted.Scope?.ToString()), context);

        (OracleRoute? route, string[] values, string owner) =
            application.Find(routes.Spelling(host), method, sent);
        Assert.That(route, Is.EqualTo(wanted.Route), context);
        Assert.That(values, Is.EqualTo(wanted.Values), context);
        Assert.That(
            owner, Is.EqualTo((wanted.Route?.Scope ?? wanted.Scope)!.ToString()), context);
        return match.Outcome.ToString();
    }

    private static void Count(SortedDictionary<string, int> counts, string what) =>
        counts[what] = counts.GetValueOrDefault(what) + 1;
}
