using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Offers to switch protocols that nobody takes (RFC 9110 7.8): the request is one of HTTP like any
/// other, its body is read, what follows it is served once, and 101 is never said.
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

    [TestCase("/echo")]
    [TestCase("/ignore")]
    [TestCase("/none")]
    public void H78_the_body_of_a_declined_offer_is_read_and_what_follows_is_served_once(
        string path)
    {
        int served = 0;
        using var server = new ServerFixture(app =>
        {
            app.OnEcho();
            app.On("POST", "/ignore", _ => Response.Text("ignored"));
            app.OnGet("/smuggled", "smuggled");
            app.OnGet("/next", _ => Response.Text($"next {++served}"));
        });
        HttpPeer peer = server.Connect();
        string body = Get("/smuggled");
        peer.Send(
            $"POST {path} HTTP/1.1\r\nHost: test\r\n{Offer}Content-Length: {body.Length}\r\n\r\n"
            + body + Get("/next") + Get("/next"));
        server.Settle();
        List<RawAnswer> answers = peer.Take("POST");

        Assert.That(answers.Skip(1).Select(a => a.Text), Is.EqualTo(new[] { "next 1", "next 2" }));
    }

    [Test]
    public void H77_an_offer_with_an_expectation_is_told_to_continue_and_never_to_switch()
    {
        using var server = new ServerFixture(app => app.OnEcho());
        HttpPeer peer = server.Connect();
        peer.Send(
            $"POST /echo HTTP/1.1\r\nHost: test\r\n{Offer}Expect: 100-continue\r\n"
            + "Content-Length: 4\r\n\r\n");
        server.Settle();
        Assert.That(peer.Received, Is.EqualTo("HTTP/1.1 100 Continue\r\n\r\n"));

        peer.Send("body");
        server.Settle();
        List<RawAnswer> answers = peer.Take("POST");
        Assert.That(answers.Select(a => a.Status), Is.EqualTo(new[] { 100, 200 }));
        Assert.That(answers[1].Text, Is.EqualTo("body"));
    }
}
