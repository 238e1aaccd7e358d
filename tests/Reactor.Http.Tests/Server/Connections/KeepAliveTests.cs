using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// How long a connection lives: RFC 9112 9.3 and 9.6, and what it costs while nothing happens.
/// </summary>
public class KeepAliveTests
{
    [Test]
    public void H62_a_connection_of_1_1_is_kept_without_a_word()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        HttpPeer peer = server.Connect();
        for (int i = 0; i < 3; i++)
        {
            RawAnswer answer = peer.Ask(Get("/"));

            Assert.That((answer.Status, answer.Text), Is.EqualTo((200, "hi")));
            Assert.That(answer["Connection"], Is.Null);
            Assert.That(peer.IsEnded, Is.False);
        }
    }

    [Test]
    public void A_connection_is_kept_for_hours_where_the_idle_limit_is_without_end()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"), Patient);
        HttpPeer peer = server.Connect();
        peer.Ask(Get("/"));
        server.RunFor(3600);

        Assert.That(peer.Ask(Get("/")).Status, Is.EqualTo(200));
    }

    [TestCase("Connection: close")]
    [TestCase("connection: Close")]
    [TestCase("Connection: x-one, close")]
    [TestCase("Connection: keep-alive\r\nConnection: close")]
    public void H63_a_client_that_says_close_is_answered_with_close_and_the_end(string field)
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask($"GET / HTTP/1.1\r\nHost: test\r\n{field}\r\n\r\n");

        Assert.That((answer.Text, answer.SaysClose), Is.EqualTo(("hi", true)));
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void H62_a_connection_of_1_0_is_closed_after_the_answer()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask("GET / HTTP/1.0\r\n\r\n");

        Assert.That((answer.Text, answer.SaysClose), Is.EqualTo(("hi", true)));
        Assert.That(answer.StatusLine, Does.StartWith("HTTP/1.1 "), "RFC 9110 6.2: our version");
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void H62_a_connection_of_1_0_with_keep_alive_is_kept_and_told_so()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        HttpPeer peer = server.Connect();
        for (int i = 0; i < 2; i++)
        {
            RawAnswer answer = peer.Ask("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");

            Assert.That(answer["Connection"], Is.EqualTo("keep-alive"));
            Assert.That(answer["Content-Length"], Is.EqualTo("2"));
            Assert.That(peer.IsEnded, Is.False);
        }
    }

    [Test]
    public void H62_an_answer_to_a_1_0_client_that_also_says_close_says_close()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        RawAnswer answer = server.Ask(
            "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n");

        Assert.That(answer.SaysClose);
    }

    [Test]
    public void H18_a_minor_version_above_1_is_served_as_1_1()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask("GET / HTTP/1.7\r\nHost: test\r\n\r\n");

        Assert.That((answer.Status, peer.IsEnded), Is.EqualTo((200, false)));
    }

    [Test]
    public void Idle_connections_hold_no_buffer()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        List<HttpPeer> peers = [.. Enumerable.Range(0, 100).Select(_ => server.Connect())];
        server.Settle();
        Assert.That(server.RentedBlocks, Is.Zero, "before the first request");

        foreach (HttpPeer peer in peers)
        {
            peer.Ask(Get("/"));
        }

        Assert.That(server.RentedBlocks, Is.Zero, "between requests");
        Assert.That(server.ConnectionTasks, Is.EqualTo(100));
    }

    [Test]
    public void A_part_of_a_request_holds_a_buffer_and_the_rest_gives_it_back()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        HttpPeer peer = server.Connect();
        peer.Send("GET / HT");
        server.Settle();
        Assert.That(server.RentedBlocks, Is.EqualTo(1));

        peer.Ask("TP/1.1\r\nHost: test\r\n\r\n");
        Assert.That(server.RentedBlocks, Is.Zero);
    }

    [Test]
    public void One_exchange_costs_one_receive_and_one_send()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        HttpPeer peer = server.ConnectNow();
        peer.Ask(Get("/"));
        server.Recorder.Forget();
        peer.Ask(Get("/"));

        Assert.That((server.Recorder.Receives, server.Recorder.Sends), Is.EqualTo((1, 1)));
    }

    [Test]
    public void H72_nothing_of_a_request_is_left_for_the_next_one_on_its_connection()
    {
        using var server = new ServerFixture(app =>
        {
            app.OnEcho();
            app.OnGet("/", request => Response.Text(
                $"{request.QueryString}|{request.GetHeader("X-Mine")}|{request.ContentType}"));
        });
        HttpPeer peer = server.Connect();
        peer.Ask("GET /?q=1 HTTP/1.1\r\nHost: test\r\nX-Mine: yes\r\nContent-Type: a/b\r\n\r\n");
        peer.Ask(Post("/echo", "body"));

        Assert.That(peer.Ask(Get("/")).Text, Is.EqualTo("||"));
    }

    [TestCase("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n", "HEAD")]
    [TestCase("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET")]
    [TestCase("GET http://other/ HTTP/1.1\r\nHost: other\r\n\r\n", "GET")]
    [TestCase("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n", "OPTIONS")]
    [TestCase("GET /none HTTP/1.1\r\nHost: test\r\n\r\n", "GET")]
    [TestCase("GET /throws HTTP/1.1\r\nHost: test\r\n\r\n", "GET")]
    [TestCase("GET /stream HTTP/1.1\r\nHost: test\r\n\r\n", "GET")]
    [TestCase(
        "POST /echo HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nConnection: upgrade\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Mine: t\r\n\r\n",
        "POST")]
    public void H72_the_answer_is_that_of_a_fresh_connection_whatever_came_before(
        string first, string method)
    {
        using var server = new ServerFixture(app =>
        {
            app.OnEcho();
            app.OnGet("/throws", _ => throw new InvalidOperationException("on purpose"));
            app.OnGet("/", request => Response.Text(
                $"{request.Head.Authority.Length}|{request.Head.BodyKind}|{request.Head.Count}|"
                + $"{request.Head.HasUpgrade}|{request.Head.ExpectContinue}|{request.Method}"));
            app.Get("/stream", async request =>
            {
                var stream = new StreamResponse();
                stream.Prepare(request);
                await stream.WriteAsync("x"u8.ToArray());
                return stream;
            });
        });
        RawAnswer fresh = server.Ask(Get("/"));
        HttpPeer peer = server.Connect();
        peer.Send(first);
        server.Settle();
        peer.Take(method);
        RawAnswer next = peer.Ask(Get("/"));

        Assert.That(fresh.Text, Is.EqualTo("4|None|1|False|False|GET"));
        Assert.That((next.StatusLine, next.Text), Is.EqualTo((fresh.StatusLine, fresh.Text)));
        Assert.That(next.Fields, Is.EqualTo(fresh.Fields));
    }
}
