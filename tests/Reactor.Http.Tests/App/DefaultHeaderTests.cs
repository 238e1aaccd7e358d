using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.App;

/// <summary>Fields that an application gives to every response.</summary>
public sealed class DefaultHeaderTests
{
    [TestCase("/small")]
    [TestCase("/own")]
    [TestCase("/stream")]
    [TestCase("/throws")]
    [TestCase("/none")]
    public void Every_response_has_them_once(string path)
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        for (int i = 0; i < 2; i++)
        {
            RawAnswer answer = peer.Ask(Get(path));
            Assert.That(answer.All("X-Frame-Options"), Is.EqualTo(new[] { "DENY" }));
            Assert.That(answer.All("Vary"), Is.EqualTo(new[] { "Accept", "Cookie" }));
            Assert.That(answer.All("Server"), Is.EqualTo(new[] { "reactor" }));
        }
    }

    [Test]
    public void So_has_the_response_to_a_malformed_head()
    {
        using var server = new ServerFixture(AddRoutes);

        RawAnswer answer = server.Ask("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");

        Assert.That((answer.Status, answer["X-Frame-Options"]), Is.EqualTo((400, "DENY")));
    }

    [Test]
    public void A_field_of_the_response_replaces_those_of_its_name()
    {
        using var server = new ServerFixture(AddRoutes);

        RawAnswer answer = server.Ask(Get("/other"));

        Assert.That(answer.All("X-Frame-Options"), Is.EqualTo(new[] { "SAMEORIGIN" }));
        Assert.That(answer.All("Vary"), Is.EqualTo(new[] { "Origin" }));
    }

    [Test]
    public void A_default_Server_field_goes_before_the_option()
    {
        using var server = new ServerFixture(app =>
        {
            app.DefaultHeaders.Add("server", "mine");
            app.OnGet("/", "x");
        });

        Assert.That(server.Ask(Get("/")).All("Server"), Is.EqualTo(new[] { "mine" }));
    }

    [Test]
    public void Those_of_a_mounted_application_go_before_those_around_it_by_name()
    {
        using var server = new ServerFixture(app =>
        {
            AddRoutes(app);
            Application inner = app.Group("/a").Group("/b");
            inner.DefaultHeaders.Add("vary", "Origin");
            inner.DefaultHeaders.Add("X-Inner", "1");
            inner.Parent!.DefaultHeaders.Add("X-Inner", "2");
            inner.Parent!.DefaultHeaders.Add("X-Middle", "2");
            inner.OnGet("/x", _ => With("X-Own", "1"));
        });
        RawAnswer answer = server.Ask(Get("/a/b/x"));

        Assert.That(answer.All("X-Frame-Options"), Is.EqualTo(new[] { "DENY" }));
        Assert.That(answer.All("Vary"), Is.EqualTo(new[] { "Origin" }));
        Assert.That(answer.All("X-Inner"), Is.EqualTo(new[] { "1" }));
        Assert.That((answer["X-Middle"], answer["X-Own"]), Is.EqualTo(("2", "1")));
        Assert.That(server.Ask(Get("/small"))["X-Middle"], Is.Null);
    }

    // RFC 9110 7.8: the sender of Upgrade must also send Connection: upgrade.
    [Test]
    public void Upgrade_is_refused()
    {
        var application = new Application();
        application.DefaultHeaders.Add("Upgrade", "websocket");

        Assert.That(
            () => application.MakeHandler(),
            Throws.ArgumentException.With.Message.Contain("Upgrade"));
    }

    [TestCase(401, "WWW-Authenticate", "Basic realm=\"x\"")]
    [TestCase(405, "allow", "GET")]
    [TestCase(407, "Proxy-Authenticate", "Basic realm=\"x\"")]
    public void They_count_as_the_fields_that_a_status_requires(
        int status, string name, string value)
    {
        using var server = new ServerFixture(app =>
        {
            app.DefaultHeaders.Add(name, value);
            app.OnGet("/", _ => new Response(status));
        });
        RawAnswer answer = server.Ask(Get("/"));

        Assert.That((answer.Status, answer[name]), Is.EqualTo((status, value)));
    }

    private static void AddRoutes(Application app)
    {
        app.DefaultHeaders.Add("X-Frame-Options", "DENY");
        app.DefaultHeaders.Add("Vary", "Accept");
        app.DefaultHeaders.Add("Vary", "Cookie");
        app.OnGet("/small", "x");
        app.OnGet("/own", _ => With("X-Own", "1"));
        app.OnGet("/other", _ =>
        {
            Response response = With("vary", "Origin");
            response.Headers.Add("x-frame-options", "SAMEORIGIN");
            return response;
        });
        app.OnGet("/throws", _ => throw new InvalidOperationException());
        app.Get("/stream", async request =>
        {
            var response = new StreamResponse();
            response.Prepare(request);
            await response.WriteAsync("x"u8.ToArray());
            return response;
        });
    }

    private static Response With(string name, string value)
    {
        Response response = Response.Text("x");
        response.Headers.Add(name, value);
        return response;
    }
}
