using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// <c>Expect: 100-continue</c> (RFC 9110 10.1.1): told to go on when somebody wants the body and
/// nothing of it is there, and never otherwise.
/// </summary>
public class ExpectContinueTests
{
    private const string Continue = "HTTP/1.1 100 Continue\r\n\r\n";

    [Test]
    public void The_client_is_told_to_go_on_when_the_handler_reads()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        peer.Send(Head("/later", 4));
        server.Settle();
        Assert.That(peer.Received, Is.Empty, "nobody has asked for the body yet");

        server.RunFor(1);
        Assert.That(peer.Received, Is.EqualTo(Continue));

        peer.Send("body");
        server.Settle();
        List<RawAnswer> answers = peer.Take("POST");
        Assert.That(answers.Select(a => a.Status), Is.EqualTo(new[] { 100, 200 }));
        Assert.That(answers[1].Text, Is.EqualTo("body"));
        Assert.That(peer.IsEnded, Is.False);
    }

    [Test]
    public void It_is_told_so_once()
    {
        using var server = new ServerFixture(app => app.OnEcho());
        HttpPeer peer = server.Connect();
        peer.Send(Head("/echo", 4));
        foreach (char c in "body")
        {
            server.Settle();
            peer.Send(c.ToString());
        }

        server.Settle();
        Assert.That(peer.Take("POST").Select(a => a.Status), Is.EqualTo(new[] { 100, 200 }));
    }

    [TestCase("body")]
    [TestCase("b")]
    public void A_client_that_did_not_wait_is_told_nothing(string begun)
    {
        using var server = new ServerFixture(app => app.OnEcho());
        HttpPeer peer = server.Connect();
        peer.Send(Head("/echo", 4) + begun);
        server.Settle();
        peer.Send("body"[begun.Length..]);
        server.Settle();

        Assert.That(peer.TakeOne("POST").Text, Is.EqualTo("body"));
    }

    [Test]
    public void A_1_0_client_is_never_told()
    {
        using var server = new ServerFixture(app => app.OnEcho());
        HttpPeer peer = server.Connect();
        peer.Send("POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
        server.Settle();
        Assert.That(peer.Received, Is.Empty);

        Assert.That(peer.Ask("body").Text, Is.EqualTo("body"));
    }

    [Test]
    public void A_request_without_a_body_is_not_told_to_send_one()
    {
        using var server = new ServerFixture(app => app.OnEcho());
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask(Head("/echo", 0));

        Assert.That((answer.Status, peer.IsEnded), Is.EqualTo((200, false)));
    }

    [TestCase("/ignore", 200)]
    [TestCase("/nobody-is-here", 404)]
    public void A_final_answer_without_reading_says_close_and_closes(string path, int status)
    {
        // Whether the client now sends the body is open, so the next bytes mean nothing sure.
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask(Head(path, 4));

        Assert.That((answer.Status, answer.SaysClose), Is.EqualTo((status, true)));
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void A_body_that_is_announced_too_large_is_refused_without_a_100()
    {
        using var server = new ServerFixture(app => app.OnEcho());
        HttpPeer peer = server.Connect();

        Assert.That(peer.Ask(Head("/echo", 2_000_000)).Status, Is.EqualTo(413));
        Assert.That(peer.IsEnded);
    }

    [TestCase("magic", "1.1")]
    [TestCase("100-continue, magic", "1.1")]
    [TestCase("100-continue;q=1", "1.1")]
    [TestCase("magic", "1.0")]
    public void H76_an_expectation_that_is_not_known_is_417(string expectation, string version)
    {
        using var server = new ServerFixture(app => app.OnEcho());
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask(
            $"POST /echo HTTP/{version}\r\nHost: test\r\nExpect: {expectation}\r\n"
            + "Content-Length: 4\r\n\r\n");

        Assert.That((answer.Status, answer.SaysClose), Is.EqualTo((417, true)));
        Assert.That(peer.IsEnded, "what follows may be a body or not");
    }

    [Test]
    public void H75_a_body_that_is_read_after_the_answer_was_begun_gets_no_100()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            var response = new StreamResponse();
            response.Prepare(request);
            await response.WriteAsync("begun, "u8.ToArray());
            await response.WriteAsync(await request.ReadAsync());
            return response;
        }));
        HttpPeer peer = server.Connect();
        peer.Send(Head("/", 4));
        server.Settle();
        Assert.That(peer.Received, Does.Not.Contain("100 Continue"));
        peer.Send("body");
        server.Settle();

        Assert.That(peer.TakeOne("POST").Text, Is.EqualTo("begun, body"));
        Assert.That(peer.IsEnded, "the client may or may not have sent it: we closed");
    }

    [Test]
    public void Answers_before_it_are_sent_before_it()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        peer.Send(Post("/ignore", "") + Head("/echo", 4));
        server.Settle();
        Assert.That(peer.Received, Does.StartWith("HTTP/1.1 200 ").And.EndsWith(Continue));

        peer.Send("body");
        server.Settle();
        Assert.That(
            peer.Take("POST", "POST").Select(a => a.Status), Is.EqualTo(new[] { 200, 100, 200 }));
    }

    private static string Head(string path, int bytes) =>
        $"POST {path} HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n"
        + $"Content-Length: {bytes}\r\n\r\n";

    private static void AddRoutes(Application app)
    {
        app.OnEcho();
        app.On("POST", "/ignore", _ => Response.Text("ignored"));
        app.Post("/later", async request =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            return Response.Bytes(await request.ReadAsync());
        });
    }
}
