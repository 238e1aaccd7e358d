using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Reactor.Http.Protocol;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Bodies that a handler reads as a stream: what arrives, how the client is held back, how reading
/// fails, and what becomes of the rest.
/// </summary>
public class StreamedBodyTests
{
    private const string ChunkedHead =
        "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static readonly HttpServerOptions s_small = new()
    {
        Parser = new ParserLimits { BodyBytesMax = 10 },
    };

    [Test]
    public void The_content_is_the_same_wherever_the_request_is_split()
    {
        using var server = new ServerFixture(app => app.Post("/", ReadAll));
        HttpPeer peer = server.Connect();
        foreach (string request in new[]
        {
            Post("/", "hello, chunked!"),
            ChunkedHead + "5;x=\"a;b\"\r\nhello\r\n000A\r\n, chunked!\r\n0\r\nX-Sum: 1\r\n\r\n",
        })
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

    [TestCase("")]
    [TestCase("GET")]
    public void A_body_that_is_empty_is_complete_at_once(string method)
    {
        bool? isCompleted = null;
        using var server = new ServerFixture(app => app.On("*", "/", request =>
        {
            isCompleted = request.Body.TryRead(out ReadResult read)
                && read.IsCompleted && read.Buffer.IsEmpty;
            return new Response();
        }));
        HttpPeer peer = server.Connect();
        peer.Ask(method == "GET" ? Get("/") : Post("/", ""));

        Assert.That(isCompleted, Is.True);
        Assert.That(peer.IsEnded, Is.False);
    }

    [Test]
    public void What_is_not_consumed_is_given_again_with_what_came_since()
    {
        var seen = new List<string>();
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            while (true)
            {
                ReadResult read = await request.Body.ReadAsync();
                seen.Add(Encoding.ASCII.GetString(read.Buffer));
                if (read.IsCompleted)
                {
                    return new Response();
                }

                request.Body.AdvanceTo(read.Buffer.GetPosition(1), read.Buffer.End);
            }
        }));
        HttpPeer peer = server.Connect();
        peer.Send(ChunkedHead + "3\r\nabc\r\n");
        server.Settle();
        peer.Send("2\r\nde\r\n");
        server.Settle();
        peer.Send("0\r\n\r\n");
        server.Settle();

        Assert.That(seen, Is.EqualTo(new[] { "abc", "bcde", "cde" }));
        Assert.That(peer.TakeOne().Status, Is.EqualTo(200));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void H69_a_client_that_is_faster_than_the_handler_is_held_back(bool isChunked)
    {
        const int bytes = 5_000_000;
        long read = 0;
        using var server = new ServerFixture(
            app => app.Post("/", Slowly, new RouteOptions { BodyBytesMax = bytes }));
        async Coroutine<Response> Slowly(Request request)
        {
            while (true)
            {
                ReadResult result = await request.Body.ReadAsync();
                read += result.Buffer.Length;
                request.Body.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    return Response.Text($"{read}");
                }

                await EventLoop.Delay(TimeSpan.FromSeconds(1));
            }
        }

        HttpPeer peer = server.Connect();
        peer.Send(isChunked
            ? ChunkedHead + $"{bytes:x}\r\n"
            : $"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: {bytes}\r\n\r\n");
        peer.Send(new byte[bytes]);
        peer.Send(isChunked ? "\r\n0\r\n\r\n" : "");
        server.RunFor(10.5);

        // Eleven reads so far: beyond what they took, only the window and one block may hold more.
        Assert.That(read, Is.GreaterThan(0).And.LessThan(bytes));
        Assert.That(bytes - peer.UnsentBytes - read, Is.LessThanOrEqualTo(96 * 1024));
        Assert.That(server.RentedBlocks, Is.LessThanOrEqualTo(1));

        server.RunFor(10_000);
        Assert.That(peer.TakeOne().Text, Is.EqualTo($"{bytes}"));
    }

    [Test]
    public void Nothing_is_read_ahead_of_the_handler()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(5));
            return await ReadAll(request);
        }));
        HttpPeer peer = server.Connect();
        peer.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\n");
        peer.Send(new byte[1_000_000]);
        server.RunFor(4);

        Assert.That(peer.UnsentBytes, Is.GreaterThan(1_000_000 - (2 * 64 * 1024)));
        server.RunFor(2);
        Assert.That(peer.TakeOne().Body, Has.Length.EqualTo(1_000_000));
    }

    [Test]
    public void A_client_that_never_lets_it_wait_does_not_keep_others_from_their_turn()
    {
        var order = new List<string>();
        using var server = new ServerFixture(app =>
        {
            app.Post("/", async request =>
            {
                await request.Body.CopyToAsync(Stream.Null);
                order.Add("upload");
                return new Response();
            }, new RouteOptions { BodyBytesMax = 20_000_000 });
            app.OnGet("/", _ =>
            {
                order.Add("other");
                return new Response();
            });
        }, network: new() { WindowBytes = 30_000_000 });
        HttpPeer peer = server.ConnectNow();
        HttpPeer other = server.ConnectNow();
        peer.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 20000000\r\n\r\n");
        peer.Send(new byte[20_000_000]);
        other.Send(Get("/"));
        server.Settle();

        Assert.That(order, Is.EqualTo(new[] { "other", "upload" }));
    }

    [TestCase("Content-Length: 10\r\n\r\n0123456789", null)]
    [TestCase("Content-Length: 11\r\n\r\n0123456789x", Rejection.BodyTooLarge)]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n4\r\n6789\r\n0\r\n\r\n", null)]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n5\r\n", Rejection.BodyTooLarge)]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n1\r\nxy", Rejection.ChunkDataEnding)]
    [TestCase("Transfer-Encoding: chunked\r\n\r\nx\r\n", Rejection.ChunkSizeInvalid)]
    public void A_body_that_is_refused_fails_the_read(string rest, Rejection? expected)
    {
        using var server = new ServerFixture(app => app.Post("/", ReadAll), s_small);
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask("POST / HTTP/1.1\r\nHost: test\r\n" + rest);

        int status = expected is null ? 200 : RejectionTable.Get(expected.Value).Status;
        Assert.That((answer.Status, answer.SaysClose), Is.EqualTo((status, status != 200)));
        Assert.That(peer.IsEnded, Is.EqualTo(status != 200));
        Assert.That(server.Log.Exceptions, Is.Empty, "the client's fault is no error of ours");
    }

    [Test]
    public void What_came_before_the_fault_is_given_first()
    {
        var seen = new StringBuilder();
        Rejection? reason = null;
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            try
            {
                while (true)
                {
                    ReadResult read = await request.Body.ReadAsync();
                    seen.Append(Encoding.ASCII.GetString(read.Buffer));
                    request.Body.AdvanceTo(read.Buffer.End);
                }
            }
            catch (RequestBodyException error)
            {
                reason = error.Reason;
                return Response.Text("sorry");
            }
        }));
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask(ChunkedHead + "5\r\nhello\r\n5\r\nworldX");

        Assert.That(seen.ToString(), Is.EqualTo("helloworld"));
        Assert.That(reason, Is.EqualTo(Rejection.ChunkDataEnding));
        Assert.That((answer.Text, answer.SaysClose), Is.EqualTo(("sorry", true)));
        Assert.That(peer.IsEnded, "what follows a malformed body means nothing sure");
    }

    [Test]
    public void H48_a_body_that_ends_too_early_fails_the_read_and_closes()
    {
        using var server = new ServerFixture(app => app.Post("/", ReadAll));
        HttpPeer peer = server.Connect();
        peer.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhalf");
        server.Settle();
        peer.End();
        server.Settle();

        Assert.That(peer.TakeOne().Status, Is.EqualTo(400));
        Assert.That(peer.IsEnded);
    }

    [TestCase(200_000, true)]
    [TestCase(300_000, false)]
    public void H55_the_rest_that_nobody_reads_is_dropped_or_the_connection_closes(
        int restBytes, bool isKept)
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            ReadResult read = await request.Body.ReadAsync();
            request.Body.AdvanceTo(read.Buffer.GetPosition(4));
            return Response.Text("enough");
        }));
        HttpPeer peer = server.Connect();
        peer.Send($"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: {restBytes + 4}\r\n\r\nbody");
        server.Settle();
        peer.Send(new byte[restBytes]);
        server.Settle();

        Assert.That(peer.TakeOne().Text, Is.EqualTo("enough"));
        Assert.That(peer.IsEnded, Is.EqualTo(!isKept));
    }

    [Test]
    public void H75_the_first_wait_sends_the_100_and_no_other()
    {
        const string head = "POST / HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n"
            + "Content-Length: 4\r\n\r\n";
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            return await ReadAll(request);
        }));
        HttpPeer peer = server.Connect();
        peer.Send(head);
        server.Settle();
        Assert.That(peer.Received, Is.Empty, "nobody has asked for the body yet");

        server.RunFor(1);
        Assert.That(peer.Received, Is.EqualTo("HTTP/1.1 100 Continue\r\n\r\n"));
        foreach (char c in "body")
        {
            peer.Send(c.ToString());
            server.Settle();
        }

        Assert.That(peer.Take("POST").Select(a => a.Status), Is.EqualTo(new[] { 100, 200 }));
    }

    private static async Coroutine<Response> ReadAll(Request request)
    {
        var all = new ArrayBufferWriter<byte>();
        while (true)
        {
            ReadResult read = await request.Body.ReadAsync();
            foreach (ReadOnlyMemory<byte> piece in read.Buffer)
            {
                all.Write(piece.Span);
            }

            request.Body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return Response.Bytes(all.WrittenMemory);
            }
        }
    }
}
