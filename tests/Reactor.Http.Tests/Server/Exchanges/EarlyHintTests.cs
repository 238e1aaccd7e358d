using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Interim answers that a handler sends (RFC 8297): before the final one, to those who know them,
/// and never with a byte in them that could end a line.
/// </summary>
public class EarlyHintTests
{
    [Test]
    public void Hints_are_sent_at_once_and_before_the_answer()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        peer.Send(Get("/"));
        server.Settle();
        Assert.That(peer.Received, Is.EqualTo(
            "HTTP/1.1 103 Early Hints\r\nLink: </app.css>; rel=preload; as=style\r\n"
            + "Link: <https://cdn.test/>; rel=preconnect\r\n\r\n"));

        server.RunFor(1);
        Assert.That(peer.Take().Select(a => a.Status), Is.EqualTo(new[] { 103, 200 }));
    }

    [Test]
    public void H75_a_client_of_1_0_is_told_nothing()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        peer.Send("GET / HTTP/1.0\r\n\r\n");
        server.RunFor(2);

        Assert.That(peer.TakeOne().Status, Is.EqualTo(200));
    }

    [Test]
    public void H100_no_hint_follows_the_final_answer()
    {
        int refused = 0;
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            var response = new StreamResponse();
            response.Prepare(request);
            await response.WriteAsync("x"u8.ToArray());
            Assert.That(
                () => request.SendEarlyHints(new LinkHint("/a")),
                Throws.InvalidOperationException);
            refused++;
            return response;
        }));
        HttpPeer peer = server.Connect();

        Assert.That(peer.Ask(Get("/")).Text, Is.EqualTo("x"));
        Assert.That(refused, Is.EqualTo(1));
    }

    [Test]
    public void H100_no_hint_is_sent_for_a_request_that_has_ended()
    {
        Request? kept = null;
        using var server = new ServerFixture(app => app.OnGet("/", request =>
        {
            kept = request;
            return new Response();
        }));
        HttpPeer peer = server.Connect();
        peer.Ask(Get("/"));

        Assert.That(
            () => kept!.SendEarlyHints(new LinkHint("/a")), Throws.InvalidOperationException);
        server.Settle();
        Assert.That(peer.Received, Is.Empty);
    }

    [Test]
    public void A_100_may_follow_a_103()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            request.SendEarlyHints(new LinkHint("/a"));
            return Response.Bytes(await request.ReadAsync());
        }));
        HttpPeer peer = server.Connect();
        peer.Send("POST / HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n"
            + "Content-Length: 4\r\n\r\n");
        server.Settle();
        peer.Send("body");
        server.Settle();

        Assert.That(peer.Take("POST").Select(a => a.Status), Is.EqualTo(new[] { 103, 100, 200 }));
    }

    [TestCase("/a\r\nX: y", "</a%0D%0AX:%20y>; rel=preload")]
    [TestCase("/a>; rel=x", "</a%3E;%20rel=x>; rel=preload")]
    [TestCase("//evil/a", "</evil/a>; rel=preload")]
    [TestCase("/é", "</%C3%A9>; rel=preload")]
    public void H95_the_target_of_a_link_is_encoded(string target, string value) =>
        Assert.That(new LinkHint(target).Value, Is.EqualTo(value));

    [TestCase("a b", null)]
    [TestCase("a\"", null)]
    [TestCase("", null)]
    [TestCase("preload", "a;b")]
    public void H95_the_other_parts_of_a_link_are_tokens(string relation, string? destination) =>
        Assert.That(() => new LinkHint("/a", relation, destination), Throws.ArgumentException);

    private static void AddRoutes(Application app) => app.Get("/", async request =>
    {
        request.SendEarlyHints(
            new LinkHint("/app.css", "preload", "style"),
            new LinkHint("https://cdn.test/", "preconnect"));
        await EventLoop.Delay(TimeSpan.FromSeconds(1));
        return Response.Text("x");
    });
}
