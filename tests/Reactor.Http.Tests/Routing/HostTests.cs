// Routes of hosts: which host goes first, and what 404, 405 and Allow are computed over.
using Reactor.Http.Routing;

namespace Reactor.Http.Tests.Routing;

public sealed class HostTests
{
    // "api.example.com GET /a"; "any" stands for all hosts.
    private static RouteTable<string> Table(params string[] routes)
    {
        var table = new RouteTable<string>();
        foreach (string route in routes)
        {
            string[] parts = route.Split(' ');
            table.Add(parts[0] == "any" ? "" : parts[0], parts[1], parts[2], route);
        }

        return table;
    }

    private static RouteMatch<string> Match(
        RouteTable<string> table, string host, string method, string path) =>
        RouteTable<string>.Match(table.Find(host), method, path);

    [TestCase("api.example.com", "api.example.com GET /a")]
    [TestCase("www.example.com", "*.example.com GET /a")]
    [TestCase("x.y.example.com", "*.example.com GET /a")]
    [TestCase("b.eu.example.com", "*.eu.example.com GET /a")]
    [TestCase("eu.example.com", "*.example.com GET /a")]
    [TestCase("example.com", "any GET /a")]
    [TestCase(".example.com", "any GET /a")]
    [TestCase("badexample.com", "any GET /a")]
    [TestCase("example.com.evil.org", "any GET /a")]
    [TestCase("other.org", "any GET /a")]
    [TestCase("", "any GET /a")]
    public void An_exact_host_beats_the_longest_wildcard_and_that_beats_none(
        string host, string route)
    {
        string[] routes =
        [
            "any GET /a", "*.example.com GET /a", "*.eu.example.com GET /a",
            "api.example.com GET /a",
        ];
        Assert.That(Match(Table(routes), host, "GET", "/a").Handler, Is.EqualTo(route));
        Array.Reverse(routes);
        Assert.That(Match(Table(routes), host, "GET", "/a").Handler, Is.EqualTo(route));
    }

    [Test]
    public void The_host_goes_before_the_path()
    {
        RouteTable<string> table =
            Table("any GET /a", "*.example.com GET /{x}", "api.example.com GET /{rest...}");
        Assert.That(
            Match(table, "api.example.com", "GET", "/a").Pattern!.Text, Is.EqualTo("/{rest...}"));
        Assert.That(
            Match(table, "www.example.com", "GET", "/a").Pattern!.Text, Is.EqualTo("/{x}"));
    }

    [Test]
    public void A_path_that_a_host_does_not_have_is_searched_in_the_less_specific_hosts()
    {
        RouteTable<string> table =
            Table("any GET /a", "*.example.com GET /b", "api.example.com GET /c");
        Assert.That(
            new[] { "/a", "/b", "/c", "/d" }.Select(
                path => Match(table, "api.example.com", "GET", path).Outcome),
            Is.EqualTo(new[]
            {
                RouteOutcome.Found, RouteOutcome.Found, RouteOutcome.Found, RouteOutcome.NotFound,
            }));
        Assert.That(
            Match(table, "www.example.com", "GET", "/c").Outcome,
            Is.EqualTo(RouteOutcome.NotFound));
    }

    [Test]
    public void Allow_has_the_methods_of_all_hosts_that_apply_and_of_no_other()
    {
        RouteTable<string> table = Table(
            "any GET /a", "*.example.com PUT /a", "api.example.com POST /a",
            "other.example.com DELETE /a");
        Assert.That(
            Match(table, "api.example.com", "PATCH", "/a").Allow,
            Is.EqualTo("GET, HEAD, OPTIONS, POST, PUT"));
        Assert.That(
            Match(table, "example.com", "PATCH", "/a").Allow, Is.EqualTo("GET, HEAD, OPTIONS"));
        Assert.That(
            Match(table, "api.example.com", "GET", "/a").Handler, Is.EqualTo("any GET /a"));
    }

    [Test]
    public void Routes_of_two_hosts_do_not_conflict_and_those_of_one_do()
    {
        Assert.That(
            () => Table("a.org GET /{x:int}", "*.org GET /{x:len(1,3)}", "any GET /{x:int}"),
            Throws.Nothing);
        Assert.That(
            () => Table("A.org GET /{x:int}", "a.org. GET /{x:len(1,3)}"),
            Throws.ArgumentException.With.Message.Contains("'GET a.org/{x:len(1,3)}'")
                .And.Message.Contains("'GET a.org/{x:int}'"));
        Assert.That(
            () => Table("a.org GET /b", "a.org GET /b"),
            Throws.ArgumentException.With.Message.Contains("'GET a.org/b'"));
    }

    [TestCase("API.Example.com", "api.example.com")]
    [TestCase("api.example.com.", "api.example.com")]
    [TestCase("*.Example.com", "*.example.com")]
    [TestCase("localhost", "localhost")]
    [TestCase("127.0.0.1", "127.0.0.1")]
    [TestCase("[::1]", "[::1]")]
    [TestCase("xn--bcher-kva.example", "xn--bcher-kva.example")]
    public void A_host_is_kept_in_normal_form(string host, string normal) =>
        Assert.That(RouteHost.Normalise(host), Is.EqualTo(normal));

    [TestCase("*", "'*.example.com'")]
    [TestCase("*.", "'*.example.com'")]
    [TestCase("a.*.com", "'*.example.com'")]
    [TestCase("*a.com", "'*.example.com'")]
    [TestCase("*.*.com", "'*.example.com'")]
    [TestCase("api.example.com:8080", "no port")]
    [TestCase("http://api.example.com", "no scheme")]
    [TestCase("::1", "brackets")]
    [TestCase("b\u00FCcher.example", "xn--")]
    [TestCase("a b", "api.example.com")]
    [TestCase("a/b", "api.example.com")]
    [TestCase("a..b", "api.example.com")]
    [TestCase(".a", "api.example.com")]
    [TestCase(".", "api.example.com")]
    [TestCase("a%2e", "api.example.com")]
    public void A_host_that_no_request_has_is_reported_with_a_remedy(string host, string why)
    {
        ArgumentException? fault = Assert.Throws<ArgumentException>(
            () => new RouteTable<string>().Add(host, "GET", "/", ""));
        Assert.That(fault!.Message, Does.Contain($"'{host}'").And.Contain(why));
    }
}
