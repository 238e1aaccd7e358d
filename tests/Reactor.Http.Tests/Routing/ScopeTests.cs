// The scope that a path belongs to which no route serves, and how prefixes are joined.
using Reactor.Http.Routing;

namespace Reactor.Http.Tests.Routing;

public sealed class ScopeTests
{
    [TestCase("/", "root")]
    [TestCase("/x", "root")]
    [TestCase("/apix", "root")]
    [TestCase("/api", "api")]
    [TestCase("/%61pi/x", "api")]
    [TestCase("/api/", "api")]
    [TestCase("/api/x/y", "api")]
    [TestCase("/api//x", "api")]
    [TestCase("/api/../x", "api")]
    [TestCase("/api/v1", "v1")]
    [TestCase("/api/v1/x", "v1")]
    [TestCase("/api/v1x", "api")]
    [TestCase("/shops", "root")]
    [TestCase("/shops/12", "shop")]
    [TestCase("/shops/12/x", "shop")]
    [TestCase("/shops/x", "root")]
    [TestCase("/shops/12/admin/x", "admin")]
    [TestCase("/shops/x/admin/x", "admin")]
    public void The_scope_with_the_longest_prefix_has_the_path(string path, string scope)
    {
        var table = new RouteTable<string>();
        table.AddScope("", "", "root");
        table.AddScope("", "", "not the first");
        table.AddScope("", "/api", "api");
        table.AddScope("", "/api/v1", "v1");
        table.AddScope("", "/shops/{id:int}", "shop");
        table.AddScope("", "/shops/{id}/admin", "admin");
        RouteMatch<string> match = table.Match("GET", path);
        Assert.That((match.Outcome, match.Scope), Is.EqualTo((RouteOutcome.NotFound, scope)));
    }

    [Test]
    public void A_path_of_another_method_belongs_to_the_first_host_that_has_it()
    {
        var table = new RouteTable<string>();
        table.AddScope("", "", "root");
        table.AddScope("a.org", "", "host");
        table.AddScope("a.org", "/b", "below host");
        table.Add("", "GET", "/b/c", "");
        table.Add("a.org", "GET", "/b/d", "");
        Assert.That(Scope("a.org", "POST", "/b/c"), Is.EqualTo("root"));
        Assert.That(Scope("a.org", "POST", "/b/d"), Is.EqualTo("below host"));
        Assert.That(Scope("a.org", "POST", "/e"), Is.EqualTo("host"));
        Assert.That(Scope("b.org", "POST", "/b/c"), Is.EqualTo("root"));

        object? Scope(string host, string method, string path) =>
            RouteTable<string>.Match(table.Find(host), method, path).Scope;
    }

    [Test]
    public void Without_scopes_there_is_none() =>
        Assert.That(new RouteTable<string>().Match("GET", "/").Scope, Is.Null);

    [Test]
    [Category("Measured")]
    [NonParallelizable]
    public void The_scope_of_a_path_is_found_without_allocation()
    {
        var table = new RouteTable<string>();
        table.AddScope("", "", "root");
        table.AddScope("", "/a/{x:int}", "scope");
        Assert.That(Allocations.Measure(() => table.Match("GET", "/a/1/b")), Is.Zero);
    }

    [TestCase("", "/", "/")]
    [TestCase("", "/items", "/items")]
    [TestCase("/", "/items", "/items")]
    [TestCase("/api", "", "/api")]
    [TestCase("/api", "/", "/api/")]
    [TestCase("/api", "/items/{id}", "/api/items/{id}")]
    [TestCase("/shops/{shop}", "/{rest...}", "/shops/{shop}/{rest...}")]
    public void A_prefix_and_a_pattern_are_joined(string prefix, string pattern, string joined) =>
        Assert.That(RoutePattern.Join(prefix, pattern), Is.EqualTo(joined));

    [TestCase("/api/", "/x", "'/api'")]
    [TestCase("api", "/x", "'/api'")]
    [TestCase("//", "/x", "does not end")]
    [TestCase("/api/{rest...}", "/x", "no path below")]
    [TestCase("/api", "x", "'/x'")]
    [TestCase("", "x", "'/x'")]
    public void A_prefix_or_a_pattern_that_cannot_be_joined_is_reported_with_a_remedy(
        string prefix, string pattern, string why) =>
        Assert.That(
            () => RoutePattern.Join(prefix, pattern),
            Throws.ArgumentException.With.Message.Contains(why));
}
