using System.IO.Pipelines;
using Reactor.Simulation;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// One client, however fast it is, gets a share of a turn and not the whole of it.
/// </summary>
public class FairnessTests
{
    private const int Requests = 20_000;

    // A request of 64 bytes divides a block of 16 KiB, so no head is ever cut at a block's end,
    // which would end the run by chance.
    [TestCase("GET", "")]
    [TestCase("POST", "xxxxxxxxxxxxx")]
    public void A_flood_of_pipelined_requests_is_served_a_block_at_a_turn(
        string method, string body) => AssertPerTurn(
            method == "GET" ? Get("/") : Post("/", body), method, int.MaxValue,
            // A head that the end of a block cuts may make it one more.
            one => Is.LessThanOrEqualTo((16 * 1024 / one.Length) + 1));

    [TestCase(64)]
    [TestCase(1)]
    [TestCase(100)]
    public void A_flood_of_pipelined_requests_is_served_so_many_at_a_turn(int perTurn) =>
        AssertPerTurn(Get("/"), "GET", perTurn, _ => Is.EqualTo(perTurn));

    [Test]
    public void The_requests_of_a_turn_are_answered_in_one_send_and_without_another_receive()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "x"));
        HttpPeer peer = server.ConnectNow();
        peer.Send(string.Concat(Enumerable.Repeat(Get("/"), 150)));
        server.Recorder.Forget();
        server.Settle();

        Assert.That(peer.Take(), Has.Count.EqualTo(150));
        Assert.That((server.Recorder.Receives, server.Recorder.Sends), Is.EqualTo((1, 3)));
    }

    [Test]
    public void Another_client_is_answered_between_the_turns_of_a_flood()
    {
        var order = new List<string>();
        using var server = new ServerFixture(app => app.OnGet("/{name}", request =>
        {
            order.Add(request.MatchInfo["name"]);
            return new Response(204);
        }));
        HttpPeer flood = server.ConnectNow();
        HttpPeer other = server.ConnectNow();
        flood.Send(string.Concat(Enumerable.Repeat(Get("/flood"), 300)));
        other.Send(Get("/other"));
        server.Settle();

        Assert.That(order.IndexOf("other"), Is.EqualTo(64));
    }

    private static void AssertPerTurn(
        string one,
        string method,
        int perTurn,
        Func<string, NUnit.Framework.Constraints.IResolveConstraint> expected)
    {
        int handled = 0;
        using var server = new ServerFixture(
            app => app.On(method, "/", _ =>
            {
                handled++;
                return new Response(204);
            }),
            new HttpServerOptions { Limits = new() { RequestsPerTurn = perTurn } },
            new InMemoryOptions { WindowBytes = 1 << 22 });
        HttpPeer peer = server.ConnectNow();
        peer.Send(string.Concat(Enumerable.Repeat(one, Requests)));

        int most = 0;
        while (handled < Requests)
        {
            int before = handled;
            server.Loop.RunBriefly();
            most = Math.Max(most, handled - before);
            if (handled == before)
            {
                server.RunFor(0.001);
            }
        }

        Assert.That(most, expected(one));
    }

    // 2048 chunk lines, that of the last chunk included, are the share of a turn.
    [Test]
    public void A_turn_reads_2048_chunks_and_one_more_waits_for_the_next(
        [Values("/echo", "/streamed", "/ignored")] string path)
    {
        // The reader of a stream is woken by a callback, so it runs a turn later than that.
        int more = path == "/streamed" ? 2 : 1;
        int turns = TurnsFor(path, chunks: 2047);
        Assert.That(TurnsFor(path, chunks: 1), Is.EqualTo(turns));
        Assert.That(TurnsFor(path, chunks: 2048), Is.EqualTo(turns + more));
    }

    [Test]
    public void Content_in_chunks_of_one_byte_is_read_a_block_at_a_time()
    {
        const int Chunks = 200_000;
        int reads = 0;
        TurnsFor("/streamed", Chunks, () => reads++);

        // A block has 2730 chunks, a turn 2048; what a turn leaves is a read of its own.
        Assert.That(reads, Is.LessThanOrEqualTo(2 * Chunks / 2048));
    }

    private static int TurnsFor(string path, int chunks, Action? onRead = null)
    {
        using var server = new ServerFixture(
            app =>
            {
                app.OnEcho();
                app.On("POST", "/ignored", _ => new Response(204));
                app.Post("/streamed", request => ReadStream(request, onRead));
            },
            // Room for everything at once: only the server's own restraint ends its turn.
            network: new InMemoryOptions { WindowBytes = 1 << 22 });
        HttpPeer peer = server.ConnectNow();
        string[] each = [.. Enumerable.Repeat("x", chunks)];
        peer.Send(PostChunked(path, each) + Get("/end"));
        int turns = 0;
        for (; !peer.Received.Contains("HTTP/1.1 404", StringComparison.Ordinal); turns++)
        {
            Assert.That(turns, Is.LessThan(10_000), "the body is not read");
            server.Loop.RunBriefly();
            if (turns % 100 == 99)
            {
                server.RunFor(0.001);
            }
        }

        return turns;
    }

    private static async Coroutine<Response> ReadStream(Request request, Action? onRead)
    {
        while (true)
        {
            ReadResult read = await request.Body.ReadAsync();
            request.Body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return new Response(204);
            }

            onRead?.Invoke();
        }
    }

    [Test]
    public void A_stream_whose_client_keeps_up_sends_a_bounded_piece_in_a_turn()
    {
        int writes = 0;
        bool isOver = false;
        using var server = new ServerFixture(
            app => app.Get("/", async request =>
            {
                var stream = new StreamResponse();
                stream.Prepare(request);
                while (!isOver)
                {
                    await stream.WriteAsync(new byte[1000]);
                    writes++;
                }

                return stream;
            }),
            network: new InMemoryOptions { WindowBytes = 1 << 26 });
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/"));

        int most = 0;
        for (int turn = 0; turn < 200; turn++)
        {
            int before = writes;
            server.Loop.RunBriefly();
            most = Math.Max(most, writes - before);
        }

        isOver = true;
        server.RunFor(1);
        // 64 KiB a turn, and a small write counts as 4 KiB.
        Assert.That(most, Is.EqualTo(16));
    }
}
