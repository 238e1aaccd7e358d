using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Offers to switch protocols that nobody takes (RFC 9110 7.8): the request is one of HTTP like any
/// other, what follows it is served once, and 101 is never said. That holds with a body too.
/// </summary>
public class UpgradeTests
{
    private const string Offer = "Connection: upgrade\r\nUpgrade: websocket\r\n";

    [TestCase("1.1", Offer)]
    [TestCase("1.1", "Upgrade: websocket\r\n")]
    [TestCase("1.1", "Connection: upgrade, http2-settings\r\nUpgrade: h2c\r\n")]
    [TestCase("1.0", "Connection: keep-alive, upgrade\r\nUpgrade: websocket\r\n")]
    public void H78_an_offer_that_nobody_takes_is_answered_as_HTTP(string version, string fields)
    {
        using var server = new ServerFixture(app => app.OnGet("/", "plain"));
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask($"GET / HTTP/{version}\r\nHost: test\r\n{fields}\r\n");

        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, "plain")));
        Assert.That(answer["Upgrade"], Is.Null);
        Assert.That(peer.Ask(Get("/")).Status, Is.EqualTo(200), "the connection is in step");
    }

    // Java's HttpClient and curl --http2 offer h2c with each request, so with POST too.
    [TestCase("Content-Length: 5\r\n", "hello")]
    [TestCase("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n")]
    public void H78_an_upload_with_an_offer_is_served_as_HTTP_and_so_is_what_follows(
        string framing, string body)
    {
        const string H2c = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
            + "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n";
        using var server = new ServerFixture(app =>
        {
            app.OnEcho();
            app.OnGet("/", "next");
        });
        HttpPeer peer = server.Connect();
        peer.Send($"POST /echo HTTP/1.1\r\nHost: test\r\n{H2c}{framing}\r\n{body}{Get("/")}");
        server.Settle();

        List<RawAnswer> answers = peer.Take("POST", "GET");
        Assert.That(
            answers.Select(a => (a.Status, a.Text)),
            Is.EqualTo(new[] { (200, "hello"), (200, "next") }));
        Assert.That(answers[0]["Upgrade"], Is.Null);
    }

    [Test]
    public void H77_H78_an_upload_with_an_offer_and_an_expectation_gets_its_100_and_no_101()
    {
        using var server = new ServerFixture(app => app.OnEcho());
        HttpPeer peer = server.Connect();
        peer.Send("POST /echo HTTP/1.1\r\nHost: test\r\n" + Offer
            + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        server.Settle();
        Assert.That(peer.Received, Is.EqualTo("HTTP/1.1 100 Continue\r\n\r\n"));

        peer.Send("hello");
        server.Settle();
        List<RawAnswer> answers = peer.Take("POST");
        Assert.That(answers.Select(a => a.Status), Is.EqualTo(new[] { 100, 200 }));
        Assert.That(answers[1].Text, Is.EqualTo("hello"));
    }

    [Test]
    public void H78_what_follows_a_declined_offer_is_served_once()
    {
        int served = 0;
        using var server = new ServerFixture(
            app => app.OnGet("/", _ => Response.Text($"{++served}")));
        HttpPeer peer = server.Connect();
        peer.Send($"GET / HTTP/1.1\r\nHost: test\r\n{Offer}\r\n" + Get("/") + Get("/"));
        server.Settle();

        Assert.That(peer.Take().Select(a => a.Text), Is.EqualTo(new[] { "1", "2", "3" }));
    }
}
