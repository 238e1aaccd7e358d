using Reactor.Http.Tests.Server;

namespace Reactor.Http.Tests.App;

/// <summary>
/// Applications of hosts: which one serves a request, and what 404 and 405 belong to.
/// </summary>
public sealed class HostTests
{
    [TestCase("api.example.com", "api")]
    [TestCase("API.Example.com:8080", "api")]
    [TestCase("api.example.com.", "api")]
    [TestCase("%61pi.example.com", "api")]
    [TestCase("www.example.com", "any of example.com")]
    [TestCase("a.b.example.com:80", "any of example.com")]
    [TestCase("example.com", "all")]
    [TestCase("api.example.com.evil.example", "all")]
    [TestCase("127.0.0.1:80", "all")]
    [TestCase("[::1]:80", "IPv6")]
    public void The_host_of_a_request_decides(string host, string served)
    {
        using var server = new ServerFixture(AddHosts);

        Assert.That(server.Ask(Get(host, "/")).Text, Is.EqualTo(served));
        Assert.That(server.Ask(Get(host, "/x/7")).Text, Is.EqualTo(served));
    }

    [Test]
    public void The_host_of_an_absolute_target_is_that_of_the_request()
    {
        using var server = new ServerFixture(AddHosts);

        Assert.That(
            server.Ask(Get("api.example.com", "http://api.example.com/")).Text, Is.EqualTo("api"));
    }

    [Test]
    public void A_request_of_HTTP_1_0_without_a_host_gets_the_routes_for_all_hosts()
    {
        using var server = new ServerFixture(AddHosts);

        Assert.That(server.Ask("GET / HTTP/1.0\r\n\r\n").Text, Is.EqualTo("all"));
    }

    [Test]
    public void A_host_as_long_as_a_field_may_be_is_that_of_no_route()
    {
        using var server = new ServerFixture(AddHosts);
        foreach (int length in new[] { 300, 301, 4000 })
        {
            string host = new string('a', length - ".example.com".Length) + ".example.com";
            Assert.That(
                server.Ask(Get(host, "/")).Text,
                Is.EqualTo(length > 300 ? "all" : "any of example.com"));
        }
    }

    [Test]
    public void A_path_that_the_host_does_not_have_is_that_of_all_hosts()
    {
        using var server = new ServerFixture(app =>
        {
            AddHosts(app);
            app.Get("/common", _ => Response.Text("common"));
        });

        Assert.That(server.Ask(Get("api.example.com", "/common")).Text, Is.EqualTo("common"));
    }

    [Test]
    public void Allow_has_the_methods_of_all_hosts_that_apply()
    {
        using var server = new ServerFixture(app =>
        {
            app.Post("/a", Answer("all"));
            app.Host("*.example.com").Put("/a", Answer("wildcard"));
            app.Host("api.example.com").Delete("/a", Answer("api"));
            app.Host("other.example.com").Patch("/a", Answer("other"));
        });
        RawAnswer answer = server.Ask(Get("api.example.com", "/a"));

        Assert.That(
            (answer.Status, answer["Allow"]), Is.EqualTo((405, "DELETE, OPTIONS, POST, PUT")));
    }

    [TestCase("api.example.com", "/none", "api")]
    [TestCase("www.example.com", "/none", "wildcard")]
    [TestCase("example.com", "/none", null)]
    [TestCase("api.example.com", "/only-all", null)] // 405: the path is not the host's
    [TestCase("api.example.com", "/own", "api")]
    public void A_404_and_a_405_have_the_middleware_of_their_application(
        string host, string path, string? mark)
    {
        using var server = new ServerFixture(app =>
        {
            app.Post("/only-all", Answer("all"));
            app.Host("*.example.com").Use(Mark("wildcard"));
            Application api = app.Host("api.example.com").Use(Mark("api"));
            api.Post("/own", Answer("api"));
        });
        RawAnswer answer = server.Ask(Get(host, path));

        Assert.That(answer.Status, Is.AnyOf(404, 405));
        Assert.That(answer["X-Mark"], Is.EqualTo(mark));

        static Func<Request, Handler, Coroutine<Response>> Mark(string text) =>
            async (request, next) =>
            {
                Response response = await next(request);
                response.Headers.Add("X-Mark", text);
                return response;
            };
    }

    [Test]
    public void Two_routes_of_one_host_conflict_when_the_application_is_served()
    {
        var app = new Application();
        app.Host("a.example").Get("/{x:int}", Answer(""));
        app.Host("A.example").Get("/{x:len(1,3)}", Answer(""));

        Assert.That(
            () => app.MakeHandler(),
            Throws.ArgumentException.With.Message.Contains("'GET a.example/{x:int}'")
                .And.Message.Contains("'GET a.example/{x:len(1,3)}'"));
    }

    [Test]
    public void A_malformed_host_is_reported_at_once() => Assert.That(
        () => new Application().Host("api.example.com:80"),
        Throws.ArgumentException.With.Message.Contains("no port"));

    private static void AddHosts(Application app)
    {
        Add(app, "all");
        Add(app.Host("*.example.com"), "any of example.com");
        Add(app.Host("api.example.com"), "api");
        Add(app.Host("[::1]"), "IPv6");

        static void Add(Application app, string text)
        {
            app.Get("/", Answer(text));
            app.Get("/x/{id:int}", Answer(text));
        }
    }

    private static Func<Request, Response> Answer(string text) => _ => Response.Text(text);

    private static string Get(string host, string target) =>
        $"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n";
}
