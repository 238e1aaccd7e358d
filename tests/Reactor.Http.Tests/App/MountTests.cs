using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.App;

/// <summary>Applications in applications: paths, conflicts, and what cannot be mounted.</summary>
public sealed class MountTests
{
    [TestCase("/api", 200)]
    [TestCase("/api/", 200)]
    [TestCase("/api/items/7", 200)]
    [TestCase("/items/7", 404)]
    [TestCase("/api/items", 404)]
    public void A_prefix_stands_before_the_patterns_of_a_group(string path, int status)
    {
        using var server = new ServerFixture(app =>
        {
            Application api = app.Group("/api");
            api.Get("", Answer);
            api.Get("/", Answer);
            api.Get("/items/{id}", request => Response.Text(request.MatchInfo["id"]));
        });

        Assert.That(server.Ask(Get(path)).Status, Is.EqualTo(status));
    }

    [Test]
    public void Prefixes_add_up_and_may_capture()
    {
        using var server = new ServerFixture(app =>
        {
            Application user = app.Group("/users/{user}").Group("/").Group("/items");
            user.Get("/{item}", request => Response.Text(
                $"{request.MatchInfo["user"]} {request.MatchInfo["item"]} "
                + request.GetApplication().Prefix));
        });

        Assert.That(
            server.Ask(Get("/users/ann/items/7")).Text, Is.EqualTo("ann 7 /users/{user}/items"));
    }

    [Test]
    public void An_application_that_was_filled_before_can_be_mounted()
    {
        var sub = new Application();
        Route route = sub.Get("/x", Answer);
        Assert.That(route.Pattern, Is.EqualTo("/x"));
        using var server = new ServerFixture(app => app.Mount("/sub", sub));

        Assert.That(route.Pattern, Is.EqualTo("/sub/x"));
        Assert.That(server.Ask(Get("/sub/x")).Status, Is.EqualTo(200));
    }

    [Test]
    public void Routes_are_all_that_are_served()
    {
        var app = new Application();
        app.Group("/a").Get("/1", Answer);
        app.Match(["GET", "PUT"], "/2", Answer).Named("two").With("described").With(2);
        app.Group("/b").Group("/c").Any("/3", Answer);

        Assert.That(
            app.Routes.Select(route => route.ToString()),
            Is.EqualTo(new[] { "GET|PUT /2", "GET /a/1", "* /b/c/3" }));
        Assert.That(app.Routes[0].Name, Is.EqualTo("two"));
        Assert.That(app.Routes[0].Metadata, Is.EqualTo(new object[] { "described", 2 }));
    }

    [TestCase("GET", "get", 200)]
    [TestCase("HEAD", "head", 200)]
    [TestCase("POST", "post", 200)]
    [TestCase("PUT", "put", 200)]
    [TestCase("PATCH", "patch", 200)]
    [TestCase("DELETE", "delete", 200)]
    [TestCase("OPTIONS", "options", 200)]
    [TestCase("PROPFIND", "any", 200)]
    [TestCase("TRACE", null, 405)]
    public void Each_verb_adds_a_route_for_its_method(string method, string? name, int status)
    {
        using var server = new ServerFixture(app =>
        {
            app.Get("/", With("get"));
            app.Head("/", With("head"));
            app.Post("/", With("post"));
            app.Put("/", With("put"));
            app.Patch("/", With("patch"));
            app.Delete("/", With("delete"));
            app.Options("/", With("options"));
            app.Any("/", With("any"));
        });
        RawAnswer answer = server.Ask($"{method} / HTTP/1.1\r\nHost: test\r\n\r\n");

        Assert.That((answer.Status, answer["X-Verb"]), Is.EqualTo((status, name)));

        static Func<Request, Response> With(string name) => _ =>
        {
            var response = new Response(200);
            response.Headers.Add("X-Verb", name);
            return response;
        };
    }

    [Test]
    public void A_conflict_names_both_routes()
    {
        var app = new Application();
        app.Get("/api/{name}", Answer);
        app.Group("/api").Get("/{id}", Answer);

        Assert.That(
            () => app.MakeHandler(),
            Throws.ArgumentException.With.Message.Contain("'GET /api/{id}'")
                .And.Message.Contain("'GET /api/{name}'"));
    }

    [Test]
    public void A_name_is_that_of_one_route()
    {
        var app = new Application();
        app.Get("/a", Answer).Named("x");

        Assert.That(
            () => app.Get("/b", Answer).Named("x"),
            Throws.ArgumentException.With.Message.StartsWith(
                "The route 'GET /b' cannot be named 'x': that is 'GET /a'."));
        Assert.That(
            () => app.Routes[0].Named("y"),
            Throws.ArgumentException.With.Message.StartsWith(
                "The route 'GET /a' cannot be named 'y': its name is 'x'."));
    }

    [TestCase("api")]
    [TestCase("/api/")]
    [TestCase("/a//b")]
    [TestCase("/files/{rest...}")]
    [TestCase("/files/{rest:raw...}")]
    [TestCase("/{bad name}")]
    [TestCase("//")]
    public void A_bad_prefix_is_refused(string prefix)
    {
        Assert.That(
            () => new Application().Group(prefix),
            Throws.ArgumentException.With.Message.Contain(prefix));
    }

    [Test]
    public void An_application_is_mounted_once()
    {
        var app = new Application();
        Application sub = app.Group("/a");

        Assert.That(
            () => app.Mount("/b", sub),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "Cannot mount at /b an application that is mounted already at /a: "
                + "make one object for each place."));
    }

    [Test]
    public void It_is_not_mounted_in_itself()
    {
        var app = new Application();
        Application inner = app.Group("/a").Group("/b");

        Assert.That(() => app.Mount("/c", app), Throws.InvalidOperationException.With
            .Message.Contain("in itself"));
        Assert.That(() => inner.Mount("/c", app), Throws.InvalidOperationException.With
            .Message.Contain("in itself"));
    }

    [Test]
    public void It_is_not_mounted_while_it_is_served()
    {
        var sub = new Application();
        sub.MakeHandler();

        Assert.That(
            () => new Application().Mount("/a", sub),
            Throws.InvalidOperationException.With.Message.Contain("served by itself"));
    }

    [Test]
    public void It_is_not_served_where_it_is_mounted()
    {
        Application sub = new Application().Group("/a");

        Assert.That(
            () => sub.MakeHandler(),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "This application is mounted at /a: serve the one that it is mounted in."));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_host_is_refused_in_another_host_in_whatever_order_they_are_mounted(bool isDeep)
    {
        var inner = new Application();
        (isDeep ? inner.Group("/deep") : inner).Host("a.example");
        Application other = new Application().Host("b.example");

        Assert.That(
            () => other.Mount("/p", inner),
            Throws.InvalidOperationException.With.Message.Contains("a.example")
                .And.Message.Contains("b.example"));
        Assert.That(() => new Application().Mount("/p", inner), Throws.Nothing);
    }

    [Test]
    public void A_host_in_another_host_is_refused()
    {
        Application host = new Application().Host("a.example");

        Assert.That(host.Group("/x").HostName, Is.EqualTo("a.example"));
        Assert.That(
            () => host.Group("/y").Host("b.example"),
            Throws.InvalidOperationException.With.Message.Contain("a.example"));
    }

    [Test]
    public void A_route_that_was_refused_conflicts_with_no_other()
    {
        var app = new Application();
        app.Post("/x", Answer);
        Assert.That(() => app.Match(["GET", "POST"], "/x", Answer), Throws.ArgumentException);

        app.Get("/x", Answer);

        Assert.That(
            app.Routes.Select(route => $"{route}"), Is.EqualTo(new[] { "POST /x", "GET /x" }));
        Assert.That(() => app.Put("/x", Answer), Throws.Nothing);
        Assert.That(() => app.Post("/x", Answer), Throws.ArgumentException);
    }

    [Test]
    public void The_empty_pattern_needs_a_prefix()
    {
        var app = new Application();
        app.Get("", Answer);

        Assert.That(() => app.MakeHandler(), Throws.ArgumentException);
    }

    [Test]
    public void A_route_needs_a_method()
    {
        Assert.That(
            () => new Application().Match([], "/", Answer),
            Throws.ArgumentException.With.Message.Contain("needs a method"));
    }

    private static Response Answer(Request request) => Response.Text("x");
}
