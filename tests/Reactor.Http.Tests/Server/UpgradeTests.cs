using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Offers to switch protocols that nobody takes (RFC 9110 7.8): the request is one of HTTP like any
/// other, what follows it is served once, and 101 is never said. One with a body is refused.
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

    [TestCase("Content-Length: 36\r\n")]
    [TestCase("Transfer-Encoding: chunked\r\n")]
    [TestCase("Expect: 100-continue\r\nContent-Length: 36\r\n")]
    public void H77_H78_an_offer_with_a_body_is_refused_and_nothing_behind_it_is_served(
        string fields)
    {
        int served = 0;
        using var server = new ServerFixture(app =>
        {
            app.OnEcho();
            app.OnGet("/smuggled", _ => Response.Text($"smuggled {++served}"));
        });
        HttpPeer peer = server.Connect();
        peer.Send($"POST /echo HTTP/1.1\r\nHost: test\r\n{Offer}{fields}\r\n" + Get("/smuggled"));
        server.Settle();

        RawAnswer answer = peer.TakeOne("POST");
        Assert.That((answer.Status, answer.SaysClose), Is.EqualTo((400, true)));
        Assert.That((served, peer.IsEnded), Is.EqualTo((0, true)));
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
