using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.App;

/// <summary>
/// Paths of named routes: what is asked with one is captured by the handler again.
/// </summary>
public sealed class UrlForTests
{
    [Test]
    public void A_path_of_a_route_leads_to_it_with_the_same_values()
    {
        Application? app = null;
        using var server = new ServerFixture(made =>
        {
            app = made;
            app.Group("/shops/{shop}").Get("/items/{id:int}/{rest...}", request => Response.Text(
                $"{string.Join('|', request.MatchInfo.Values.ToArray())}|{request.Query["q"]}"))
                .Named("item");
        });
        string url = app!.UrlFor(
            "item", [("shop", "a b&c\u00E9%2F"), ("id", -7), ("rest", "x/y z/")],
            [("q", "1+1=2&more")]);

        Assert.That(url, Is.EqualTo(
            "/shops/a%20b&c%C3%A9%252F/items/-7/x/y%20z/?q=1%2B1%3D2%26more"));
        Assert.That(
            server.Ask(Get(url)).Text, Is.EqualTo("a b&c\u00E9%2F|-7|x/y z/|1+1=2&more"));
    }

    [Test]
    public void Values_are_written_in_the_invariant_culture()
    {
        var app = new Application();
        app.Get("/{a}/{b}/{c:guid}", Answer).Named("x");

        Assert.That(
            app.UrlFor("x", ("a", 1.5), ("b", true), ("c", Guid.Empty)),
            Is.EqualTo("/1.5/True/00000000-0000-0000-0000-000000000000"));
    }

    [Test]
    public void The_name_of_the_nearest_application_is_meant()
    {
        var app = new Application();
        app.Get("/", Answer).Named("home");
        Application one = app.Group("/one");
        one.Get("/x", Answer).Named("x");
        Application two = app.Group("/two");
        two.Get("/", Answer).Named("home");
        two.Get("/x", Answer).Named("x");
        two.Get("/only", Answer).Named("only");

        Assert.That(two.UrlFor("home"), Is.EqualTo("/two/"));
        Assert.That(one.UrlFor("home"), Is.EqualTo("/"));
        Assert.That(one.UrlFor("x"), Is.EqualTo("/one/x"));
        Assert.That(one.UrlFor("only"), Is.EqualTo("/two/only"));
        Assert.That(
            () => app.UrlFor("x"),
            Throws.ArgumentException.With.Message.Contains("'GET /one/x'")
                .And.Message.Contains("'GET /two/x'"));
        Assert.That(
            () => app.UrlFor("none"),
            Throws.ArgumentException.With.Message.Contains("'none'"));
    }

    [Test]
    public void The_path_of_a_route_follows_its_application_when_that_is_mounted()
    {
        var sub = new Application();
        Route route = sub.Get("/{id}", Answer);
        Assert.That(route.UrlFor(("id", "7")), Is.EqualTo("/7"));

        new Application().Mount("/sub", sub);
        Assert.That(route.UrlFor(("id", "7")), Is.EqualTo("/sub/7"));
    }

    [Test]
    public void A_value_that_is_missing_null_or_does_not_fit_is_named()
    {
        Route route = new Application().Get("/{id:int}", Answer);

        Assert.That(
            () => route.UrlFor(), Throws.ArgumentException.With.Message.Contains("'id'"));
        Assert.That(
            () => route.UrlFor(("id", null!)),
            Throws.ArgumentException.With.Message.Contains("'id' is null"));
        Assert.That(
            () => route.UrlFor(("id", "7a")),
            Throws.ArgumentException.With.Message.Contains("'id'")
                .And.Message.Contains("constraints"));
        Assert.That(
            () => route.UrlFor(("id", 7), ("page", 2)),
            Throws.ArgumentException.With.Message.Contains("'page'")
                .And.Message.Contains("query"));
    }

    private static Response Answer(Request request) => new(204);
}
