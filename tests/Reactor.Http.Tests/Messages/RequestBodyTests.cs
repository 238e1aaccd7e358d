using System.Text;
using Reactor.Http.Protocol;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Bodies: how they come, how they are refused, and what becomes of those nobody reads.
/// </summary>
public class RequestBodyTests
{
    private const string Chunked =
        "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "5;x=\"a;b\"\r\nhello\r\n000A\r\n, chunked!\r\n0\r\nX-Sum: 1\r\n\r\n";

    private static readonly HttpServerOptions s_small = new()
    {
        Parser = new ParserLimits { BodyBytesMax = 10 },
    };

    [TestCase("hello")]
    [TestCase("")]
    public void A_body_of_known_length_is_read(string body)
    {
        using var server = new ServerFixture(app => app.OnEcho());

        Assert.That(server.Ask(Post("/echo", body)).Text, Is.EqualTo(body));
    }

    [Test]
    public void A_body_is_the_same_wherever_it_is_split()
    {
        using var server = new ServerFixture(app => app.OnEcho());
        HttpPeer peer = server.Connect();
        foreach (string request in new[] { Post("/echo", "hello, chunked!"), Chunked })
        {
            for (int cut = 1; cut < request.Length; cut++)
            {
                peer.Send(request[..cut]);
                server.Settle();
                Assert.That(peer.Received, Is.Empty);
                Assert.That(peer.Ask(request[cut..]).Text, Is.EqualTo("hello, chunked!"));
            }

            Assert.That(peer.AskByteByByte(request).Text, Is.EqualTo("hello, chunked!"));
        }
    }

    [Test]
    public void A_large_body_is_read_through_a_small_window()
    {
        byte[] body = new byte[1 << 20];
        new Random(1).NextBytes(body);
        using var server = new ServerFixture(app => app.OnEcho());
        HttpPeer peer = server.Connect();
        peer.Send($"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: {body.Length}\r\n\r\n");
        peer.Send(body);
        server.Settle();

        Assert.That(peer.TakeOne().Body, Is.EqualTo(body));
    }

    [Test]
    public void Text_is_utf_8()
    {
        string text = "";
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            text = await request.TextAsync();
            return new Response(204);
        }));
        server.Ask(Post("/", Encoding.Latin1.GetString("été"u8)));

        Assert.That(text, Is.EqualTo("été"));
    }

    [Test]
    public void Reading_again_gives_the_same_body_again()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
            Response.Text(await request.TextAsync() + await request.TextAsync())));

        Assert.That(server.Ask(Post("/", "ab")).Text, Is.EqualTo("abab"));
    }

    [TestCase("0123456789", 200)]
    [TestCase("0123456789x", 413)]
    public void A_body_of_known_length_is_refused_one_byte_beyond_the_limit(string body, int status)
    {
        using var server = new ServerFixture(app => app.OnEcho(), s_small);
        HttpPeer peer = server.Connect();

        Assert.That(peer.Ask(Post("/echo", body)).Status, Is.EqualTo(status));
        Assert.That(peer.IsEnded, Is.EqualTo(status == 413));
    }

    [TestCase("01234", "56789", 200)]
    [TestCase("01234", "56789x", 413)]
    public void A_chunked_body_is_refused_where_it_passes_the_limit(
        string first, string second, int status)
    {
        using var server = new ServerFixture(app => app.OnEcho(), s_small);
        HttpPeer peer = server.Connect();

        Assert.That(peer.Ask(PostChunked("/echo", first, second)).Status, Is.EqualTo(status));
        Assert.That(peer.IsEnded, Is.EqualTo(status == 413));
    }

    [Test]
    public void A_chunk_that_is_announced_too_large_is_refused_before_it_comes()
    {
        using var server = new ServerFixture(app => app.OnEcho(), s_small);
        HttpPeer peer = server.Connect();

        Assert.That(peer.Ask(
            "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n").Status,
            Is.EqualTo(413));
        Assert.That(peer.IsEnded);
    }

    [TestCase("x\r\n")]
    [TestCase("5\nhello")]
    [TestCase("5\r\nhelloo\r\n")]
    [TestCase("123456789\r\n")]
    [TestCase("1;\r\n")]
    [TestCase("0\r\nbad trailer\r\n\r\n")]
    public void A_malformed_chunk_is_400_and_closes(string body)
    {
        using var server = new ServerFixture(app => app.OnEcho());
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask(
            "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n" + body);

        Assert.That((answer.Status, answer.SaysClose), Is.EqualTo((400, true)));
        Assert.That(peer.IsEnded);
        Assert.That(server.Log.Exceptions, Is.Empty, "the client's fault is no error of ours");
    }

    [Test]
    public void A_handler_may_catch_the_refusal_and_the_connection_ends_all_the_same()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            try
            {
                await request.ReadAsync();
                return Response.Text("no");
            }
            catch (RequestBodyException error)
            {
                return Response.Text($"{error.Reason}");
            }
        }));
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask(
            "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"
            + Get("/smuggled"));

        Assert.That(answer.Text, Is.EqualTo(nameof(Rejection.ChunkSizeInvalid)));
        Assert.That(peer.IsEnded);
    }

    [TestCase("Content-Length: 10\r\n\r\nhalf")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")]
    public void A_body_that_ends_too_early_fails_the_read_and_is_400(string rest)
    {
        RequestBodyException? seen = null;
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            try
            {
                await request.ReadAsync();
            }
            catch (RequestBodyException error)
            {
                seen = error;
                throw;
            }

            return Response.Text("whole");
        }));
        HttpPeer peer = server.Connect();
        peer.Send("POST / HTTP/1.1\r\nHost: test\r\n" + rest);
        peer.End();
        server.Settle();

        Assert.That(seen?.Reason, Is.EqualTo(Rejection.BodyIncomplete));
        Assert.That(peer.TakeOne().Status, Is.EqualTo(400), "it half-closed: it can still hear");
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void A_client_that_vanishes_in_its_body_fails_the_read_without_a_log_line()
    {
        RequestBodyException? seen = null;
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            try
            {
                return Response.Bytes(await request.ReadAsync());
            }
            catch (RequestBodyException error)
            {
                seen = error;
                throw;
            }
        }));
        HttpPeer peer = server.Connect();
        peer.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhalf");
        server.Settle();
        peer.Reset();
        server.Settle();

        Assert.That(seen?.Reason, Is.EqualTo(Rejection.BodyIncomplete));
        Assert.That((server.ConnectionTasks, server.RentedBlocks), Is.EqualTo((0, 0)));
        server.Logged();
        Assert.That(server.Log.Exceptions, Is.Empty);
    }
}
