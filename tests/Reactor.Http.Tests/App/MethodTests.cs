using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Methods that no handler was written for: HEAD, OPTIONS, and those that are not there.
/// </summary>
public class MethodTests
{
    [Test]
    public void H73_head_has_the_fields_of_get_and_no_body()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hello"));
        HttpPeer peer = server.Connect();
        RawAnswer get = peer.Ask(Get("/"));
        RawAnswer head = peer.Ask("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n");

        Assert.That(head.StatusLine, Is.EqualTo(get.StatusLine));
        Assert.That(head.Fields, Is.EqualTo(get.Fields));
        Assert.That(head["Content-Length"], Is.EqualTo("5"));
        Assert.That(peer.Ask(Get("/")).Text, Is.EqualTo("hello"), "the connection is in step");
    }

    [Test]
    public void Head_of_what_is_not_there_has_no_body_either()
    {
        using var server = new ServerFixture();
        HttpPeer peer = server.Connect();

        Assert.That(
            peer.Ask("HEAD /nothing HTTP/1.1\r\nHost: test\r\n\r\n").Status, Is.EqualTo(404));
        Assert.That(peer.Ask(Get("/nothing")).Status, Is.EqualTo(404));
    }

    [Test]
    public void A_path_that_nobody_serves_is_404_and_the_connection_lives_on()
    {
        using var server = new ServerFixture(app => app.OnGet("/here", "x"));
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask(Get("/there"));

        Assert.That((answer.Status, answer["Connection"]), Is.EqualTo((404, (string?)null)));
        Assert.That(peer.Ask(Get("/here")).Status, Is.EqualTo(200));
    }

    [Test]
    public void H08_a_known_method_that_the_path_has_not_is_405_with_allow()
    {
        using var server = new ServerFixture(app =>
        {
            app.OnGet("/thing", "x");
            app.On("PUT", "/thing", _ => Response.Text("y"));
        });
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask("DELETE /thing HTTP/1.1\r\nHost: test\r\n\r\n");

        Assert.That(answer.Status, Is.EqualTo(405));
        Assert.That(
            answer["Allow"]!.Split(", "),
            Is.EquivalentTo(new[] { "GET", "HEAD", "PUT", "OPTIONS" }));
        Assert.That(peer.IsEnded, Is.False);
    }

    [Test]
    public void H81_options_of_a_path_is_204_with_allow()
    {
        using var server = new ServerFixture(app => app.OnGet("/thing", "x"));
        RawAnswer answer = server.Ask("OPTIONS /thing HTTP/1.1\r\nHost: test\r\n\r\n");

        Assert.That(answer.Status, Is.EqualTo(204));
        Assert.That(
            answer["Allow"]!.Split(", "), Is.EquivalentTo(new[] { "GET", "HEAD", "OPTIONS" }));
        Assert.That(answer["Content-Length"], Is.Null, "RFC 9110 8.6: never with 204");
        Assert.That(answer["Transfer-Encoding"], Is.Null);
    }

    [Test]
    public void H81_options_of_nothing_is_404()
    {
        using var server = new ServerFixture(app => app.OnGet("/thing", "x"));

        Assert.That(
            server.Ask("OPTIONS /other HTTP/1.1\r\nHost: test\r\n\r\n").Status, Is.EqualTo(404));
    }

    [TestCase("/thing")]
    [TestCase("*")]
    public void H81_options_with_content_needs_its_type(string target)
    {
        using var server = new ServerFixture(app => app.OnGet("/thing", "x"));
        HttpPeer peer = server.Connect();
        string head = $"OPTIONS {target} HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n";
        RawAnswer untyped = peer.Ask(head + "\r\n{}");
        RawAnswer typed = peer.Ask(head + "Content-Type: application/json\r\n\r\n{}");

        Assert.That((untyped.Status, typed.Status), Is.EqualTo((400, 204)));
        Assert.That(peer.IsEnded, Is.False, "the framing is not in doubt");
    }

    [TestCase("/{rest...}")]
    [TestCase("/thing")]
    public void H15_options_of_the_server_is_204_with_allow(string route)
    {
        using var server = new ServerFixture(
            app => app.On("OPTIONS", route, _ => new Response(500)));
        RawAnswer answer = server.Ask("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n");

        Assert.That(answer.Status, Is.EqualTo(204));
        Assert.That(answer["Allow"]!.Split(", "), Is.SupersetOf(new[] { "GET", "HEAD" }));
    }

    [TestCase("BREW")]
    [TestCase("get")]
    [TestCase("GETX")]
    public void H08_a_method_that_is_not_known_is_501(string method)
    {
        using var server = new ServerFixture(app => app.OnGet("/", "x"));
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask($"{method} / HTTP/1.1\r\nHost: test\r\n\r\n");

        Assert.That(answer.Status, Is.EqualTo(501));
        Assert.That(peer.IsEnded, Is.False, "the request was understood: nothing is in doubt");
    }

    [Test]
    public void A_route_for_an_unlisted_method_goes_before_one_for_every_method()
    {
        using var server = new ServerFixture(app =>
        {
            app.On("*", "/x", _ => Response.Text("every"));
            app.On("PROPFIND", "/x", _ => Response.Text("its own"));
        });
        HttpPeer peer = server.Connect();

        Assert.That(
            peer.Ask("PROPFIND /x HTTP/1.1\r\nHost: test\r\n\r\n").Text, Is.EqualTo("its own"));
        Assert.That(
            peer.Ask("BREW /x HTTP/1.1\r\nHost: test\r\n\r\n").Text, Is.EqualTo("every"));
    }

    [Test]
    public void H14_connect_is_501_and_closes()
    {
        using var server = new ServerFixture();
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask("CONNECT test:80 HTTP/1.1\r\nHost: test:80\r\n\r\n");

        Assert.That((answer.Status, answer.SaysClose), Is.EqualTo((501, true)));
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void Trace_is_405_and_echoes_nothing()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "x"));
        RawAnswer answer = server.Ask(
            "TRACE / HTTP/1.1\r\nHost: test\r\nCookie: secret\r\n\r\n");

        Assert.That(answer.Status, Is.EqualTo(405));
        Assert.That(answer.Text, Does.Not.Contain("secret"));
    }

    [TestCase("GET /secret-path HTTP/1.1\r\nHost: test\r\n\r\n", 404)]
    [TestCase("GET /%zz-secret HTTP/1.1\r\nHost: test\r\n\r\n", 400)]
    [TestCase("SECRET / HTTP/1.1\r\nHost: test\r\n\r\n", 501)]
    [TestCase("GET / HTTP/1.1\r\nHost: test\r\nsecret\r\n\r\n", 400)]
    public void The_body_of_an_error_never_echoes_the_request(string request, int status)
    {
        using var server = new ServerFixture(app => app.OnGet("/", "x"));
        RawAnswer answer = server.Ask(request);

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(answer.Text, Does.Not.Contain("secret").IgnoreCase);
    }
}
