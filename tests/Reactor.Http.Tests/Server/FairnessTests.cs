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
            new HttpServerOptions { RequestsPerTurn = perTurn },
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

    // Room for everything at once: only the server's own restraint ends its turn.
    [TestCase("/echo")]
    [TestCase("/ignore")]
    public void A_body_in_chunks_of_one_byte_is_read_a_block_at_a_turn(string path)
    {
        const int Chunks = 200_000;
        using var server = new ServerFixture(
            app =>
            {
                app.OnEcho();
                app.On("POST", "/ignore", _ => new Response(204));
            },
            network: new InMemoryOptions { WindowBytes = 1 << 22 });
        HttpPeer peer = server.ConnectNow();
        string chunk = "1\r\nx\r\n";
        peer.Send(
            $"POST {path} HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
            + string.Concat(Enumerable.Repeat(chunk, Chunks)) + "0\r\n\r\n" + Get("/end"));
        int turns = 0;
        while (!peer.Received.Contains("HTTP/1.1 404", StringComparison.Ordinal))
        {
            server.Loop.RunBriefly();
            turns++;
            if (turns % 100 == 0)
            {
                server.RunFor(0.001);
            }
        }

        Assert.That(turns, Is.GreaterThanOrEqualTo(Chunks * chunk.Length / (64 * 1024)));
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
