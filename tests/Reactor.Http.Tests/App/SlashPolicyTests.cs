using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.App;

/// <summary>
/// A path with a slash more or less at its end than that of a route: 404, or a redirect that never
/// leads to another host.
/// </summary>
public sealed class SlashPolicyTests
{
    [TestCase("/a/")]
    [TestCase("/dir")]
    public void Without_a_policy_the_two_are_different_paths(string path)
    {
        using var server = new ServerFixture(app => AddRoutes(app));

        Assert.That(server.Ask(Get(path)).Status, Is.EqualTo(404));
    }

    [TestCase("/a/", "/a")]
    [TestCase("/a/?x=1&y=%20/", "/a?x=1&y=%20/")]
    [TestCase("/dir", "/dir/")]
    [TestCase("/items/7/", "/items/7")]
    [TestCase("/items/a%2Bb%C3%A9/", "/items/a%2Bb%C3%A9")]
    [TestCase("/items/a%0D%0Ab/", "/items/a%0D%0Ab")]
    [TestCase("/files", "/files/")]
    [TestCase("/sub/b/", "/sub/b")]
    [TestCase("http://test/a/", "/a")]
    public void A_path_is_redirected_to_the_one_that_has_a_route_with_its_query(
        string target, string location)
    {
        using var server = new ServerFixture(app => AddRoutes(app).SlashPolicy =
            SlashPolicy.Redirect);
        RawAnswer answer = server.Ask(Get(target));

        Assert.That((answer.Status, answer["Location"]), Is.EqualTo((308, location)));
    }

    [TestCase("/", 200)]
    [TestCase("/a", 200)]
    [TestCase("/dir/", 200)]
    [TestCase("/both", 200)]
    [TestCase("/both/", 200)]
    [TestCase("/none", 404)]
    [TestCase("/none/", 404)]
    [TestCase("/a//", 404)]
    [TestCase("/posted/", 404)]
    public void A_path_with_a_route_and_one_without_any_are_not_redirected(string path, int status)
    {
        using var server = new ServerFixture(app => AddRoutes(app).SlashPolicy =
            SlashPolicy.Redirect);

        Assert.That(server.Ask(Get(path)).Status, Is.EqualTo(status));
    }

    [Test]
    public void The_status_keeps_the_method()
    {
        using var server = new ServerFixture(app => AddRoutes(app).SlashPolicy =
            SlashPolicy.Redirect);
        RawAnswer answer = server.Ask(
            "POST /posted/ HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nab");

        Assert.That((answer.Status, answer["Location"]), Is.EqualTo((308, "/posted")));
    }

    // "//host" and "/\host" name a host for a browser.
    [TestCase("//evil.example/")]
    [TestCase("//evil.example")]
    [TestCase("///evil.example/")]
    [TestCase("/\\evil.example/")]
    [TestCase("/%5Cevil.example/")]
    [TestCase("/%5cevil.example")]
    [TestCase("/%2Fevil.example/")]
    [TestCase("/.//evil.example/")]
    [TestCase("http://test//evil.example/")]
    public void A_redirect_never_names_another_host(string target)
    {
        using var server = new ServerFixture(app =>
        {
            app.SlashPolicy = SlashPolicy.Redirect;
            app.Get("/{a}", Answer);
            app.Get("/{a:raw}", Answer);
            app.Get("/{a:raw}/{b:raw}", Answer);
            app.Get("/{a:raw}/{b:raw}/{c:raw}/", Answer);
        });
        string location = server.Ask(Get(target))["Location"] ?? "/none";

        Assert.That(location, Does.Match("^/[^/\\\\]").And.Not.Contains("\\"));
    }

    [Test]
    public void A_mounted_application_can_have_the_policy_alone()
    {
        using var server = new ServerFixture(app =>
        {
            AddRoutes(app);
            app.Group("/strict").Get("/b", Answer);
            Application group = app.Group("/loose");
            group.SlashPolicy = SlashPolicy.Redirect;
            group.Get("/b", Answer);
            group.Group("/c").Get("/d", Answer);
        });
        HttpPeer peer = server.Connect();

        Assert.That(
            new[] { "/a/", "/strict/b/", "/loose/b/", "/loose/c/d/" }.Select(
                path => peer.Ask(Get(path)).Status),
            Is.EqualTo(new[] { 404, 404, 308, 308 }));
    }

    [Test]
    public void A_redirect_runs_the_middleware_as_404_does()
    {
        using var server = new ServerFixture(app =>
        {
            AddRoutes(app).SlashPolicy = SlashPolicy.Redirect;
            app.Use(async (request, next) =>
            {
                Response response = await next(request);
                response.Headers.Add("X-Seen", "yes");
                return response;
            });
        });

        Assert.That(server.Ask(Get("/a/"))["X-Seen"], Is.EqualTo("yes"));
    }

    [Test]
    public void An_application_that_is_served_does_not_change_its_policy()
    {
        var app = new Application();
        app.MakeHandler();

        Assert.That(
            () => app.SlashPolicy = SlashPolicy.Redirect,
            Throws.InvalidOperationException.With.Message.Contains("SlashPolicy"));
    }

    private static Application AddRoutes(Application app)
    {
        app.Get("/", Answer);
        app.Get("/a", Answer);
        app.Get("/dir/", Answer);
        app.Get("/both", Answer);
        app.Get("/both/", Answer);
        app.Get("/items/{id}", Answer);
        app.Get("/files/{rest...}", Answer);
        app.Post("/posted", Answer);
        app.Group("/sub").Get("/b", Answer);
        return app;
    }

    private static Response Answer(Request request) => Response.Text("found");
}
