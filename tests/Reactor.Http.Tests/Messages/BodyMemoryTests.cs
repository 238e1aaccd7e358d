using System.Text;
using static Reactor.Http.Tests.Server.BodyBudgetWorld;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// What needs no memory of the bodies' budget, when memory is given back, and streams.
/// </summary>
public class BodyMemoryTests
{
    [Test]
    public void The_end_of_a_body_needs_no_memory()
    {
        using var gate = new Gate();
        using ServerFixture server = Serving(Options, gate);
        HttpPeer nearlyDone = server.ConnectNow();
        nearlyDone.Send(ChunkedHead + $"{Block:x}\r\n" + new string('x', Block));
        server.Settle();
        Hold(server, Budget - Block);
        Assert.That(BudgetOf(server).UsedBytes, Is.EqualTo(Budget));
        nearlyDone.Send("\r\n0\r\nX-Sum: 1\r\n\r\n");
        gate.Open();
        server.Settle();

        Assert.That(nearlyDone.TakeOne("POST").Text, Is.EqualTo($"{Block}"));
    }

    [Test]
    public void A_body_that_nobody_reads_is_dropped_without_memory()
    {
        using var gate = new Gate();
        using ServerFixture server = Serving(Endless, gate);
        Hold(server, Budget);
        HttpPeer peer = server.ConnectNow();

        Assert.That(peer.Ask(Post("/ignore", new string('x', 200_000))).Status, Is.EqualTo(204));
        Assert.That(peer.Ask(Post("/ignore", "")).Status, Is.EqualTo(204), "it was kept");
        gate.Open();
    }

    [Test]
    public void A_client_that_waits_for_100_is_not_told_to_go_on_while_there_is_no_memory() =>
        AssertRefused(
            "POST / HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");

    [Test]
    public void A_stream_that_is_refused_learns_why() =>
        AssertRefused(Post("/sum", new string('x', 100_000)));

    [TestCase("fails")]
    [TestCase("resets")]
    [TestCase("ends")]
    public void Whoever_fails_or_leaves_gives_its_memory_back_at_once(string how)
    {
        using ServerFixture server = Serving();
        HttpPeer holder = Begin(server, Budget, 50_000);
        HttpPeer waiter = Begin(server, 20_000, 20_000);
        Assert.That(waiter.Received, Is.Empty);
        switch (how)
        {
            case "fails":
                ILoopTask first = server.Loop.AllTasks().First(task => task.Name == "connection");
                server.Loop.CallSoon(() => first.Cancel());
                break;
            case "resets":
                holder.Reset();
                break;
            default:
                holder.End();
                break;
        }

        server.Settle();
        Assert.That(waiter.TakeOne("POST").Text, Is.EqualTo("20000"));
    }

    [Test]
    public void Whoever_leaves_while_it_waits_is_forgotten()
    {
        using var gate = new Gate();
        using ServerFixture server = Serving(Endless, gate);
        Hold(server, Budget);
        HttpPeer leaver = Begin(server, Budget, 1000);
        leaver.Reset();
        HttpPeer waiter = Begin(server, Budget, Budget - 1);
        gate.Open();
        server.Settle();

        Assert.That(Finish(server, waiter).Status, Is.EqualTo(200));
    }

    [Test]
    public void A_handler_that_is_cancelled_while_its_body_waits_is_answered_503()
    {
        using var gate = new Gate();
        using ServerFixture server = Serving(
            Endless with
            {
                Times = Endless.Times with { HandlerTimeout = TimeSpan.FromSeconds(3) },
            },
            gate);
        Hold(server, Budget);
        HttpPeer waiter = Begin(server, 1000, 10);
        server.RunFor(4);

        Assert.That(waiter.TakeOne("POST").Status, Is.EqualTo(503));
        Assert.That(BudgetOf(server).Waiting, Is.Zero);
    }

    [Test]
    public void A_shutdown_ends_bodies_that_wait()
    {
        using var gate = new Gate();
        var server = Serving(Endless, gate);
        Hold(server, Budget);
        Begin(server, Budget, 1000);
        server.Dispose();

        Assert.That(BudgetOf(server).UsedBytes, Is.Zero);
    }

    [Test]
    public void A_stream_of_any_length_goes_through_a_block()
    {
        using ServerFixture server = Serving();
        HttpPeer peer = server.ConnectNow();
        byte[] body = new byte[5_000_000];
        new Random(1).NextBytes(body);
        peer.Send($"POST /sum HTTP/1.1\r\nHost: test\r\nContent-Length: {body.Length}\r\n\r\n");
        peer.Send(body);
        server.Settle();

        Assert.That(peer.TakeOne("POST").Text, Is.EqualTo($"{body.Sum(one => (long)one)}"));
    }

    [TestCase(Budget, 200)]
    [TestCase(Budget + 1, 413)]
    public void A_stream_whose_reader_keeps_more_than_the_memory_is_413(int bytes, int status)
    {
        using ServerFixture server = Serving();
        HttpPeer peer = server.ConnectNow();
        peer.Send(Post("/keep", new string('x', bytes)));
        server.Settle();

        Assert.That(peer.TakeOne("POST").Status, Is.EqualTo(status));
    }

    [Test]
    public void A_stream_that_waits_for_memory_goes_on_when_there_is_some()
    {
        using var gate = new Gate();
        using ServerFixture server = Serving(Endless, gate);
        Hold(server, Budget);
        HttpPeer peer = server.ConnectNow();
        peer.Send(Post("/sum", new string('\u0001', 100_000)));
        server.RunFor(60);
        Assert.That(peer.Received, Is.Empty);
        gate.Open();
        server.Settle();

        Assert.That(peer.TakeOne("POST").Text, Is.EqualTo("100000"));
    }

    [Test]
    public void What_a_handler_keeps_beyond_its_request_is_its_own()
    {
        var kept = new List<ReadOnlyMemory<byte>>();
        using var server = new ServerFixture(
            app => app.Post("/", async request =>
            {
                kept.Add(await request.ReadAsync());
                return new Response();
            }),
            Options);
        foreach (char c in "abc")
        {
            server.Ask(Post("/", new string(c, 40_000)));
        }

        Assert.That(
            kept.Select(one => Encoding.ASCII.GetString(one.Span)),
            Is.EqualTo("abc".Select(c => new string(c, 40_000))));
    }

    [Test]
    public void Memory_that_no_body_needs_is_the_systems_again_after_a_second()
    {
        using var server = Serving(new HttpServerOptions());
        HttpPeer[] peers =
            [.. Enumerable.Range(0, 8).Select(_ => Begin(server, 900_000, 899_999))];
        Assert.That(
            BudgetOf(server).Blocks.ResidentBytes, Is.GreaterThanOrEqualTo(8 * 899_999));
        foreach (HttpPeer peer in peers)
        {
            peer.Reset();
        }

        server.RunFor(1.1);
        Assert.That(
            BudgetOf(server).Blocks.ResidentBytes,
            Is.LessThanOrEqualTo(Net.NativeBlockPool.KeptBytes));
    }

    [Test]
    public void Less_than_some_blocks_is_refused() => Assert.That(
        () => new HttpServerLimits { BodyBufferBytesMax = Budget - 1 },
        Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static void AssertRefused(string request)
    {
        using var gate = new Gate();
        using ServerFixture server = Serving(Options, gate);
        Hold(server, Budget);
        HttpPeer peer = server.ConnectNow();
        peer.Send(request);
        server.RunFor(5.1);

        Assert.That(peer.TakeOne("POST").Status, Is.EqualTo(503));
        gate.Open();
    }
}
