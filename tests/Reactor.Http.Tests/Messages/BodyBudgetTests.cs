using static Reactor.Http.Tests.Server.BodyBudgetWorld;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// The memory of all bodies together: what fits, which bodies wait, which goes on first, which is
/// refused and when; each limit exactly, and one byte or one tick beyond it. Blocks are of 16 KiB.
/// </summary>
public class BodyBudgetTests
{
    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    public void Bodies_that_fill_the_memory_exactly_are_read_at_once_and_a_byte_more_waits(
        int bytesMore, int waiting)
    {
        using ServerFixture server = Serving();
        HttpPeer first = Begin(server, Budget / 2, Budget / 2 - 1);
        HttpPeer second = Begin(server, Budget / 2 + bytesMore, Budget / 2 + bytesMore - 1);
        Assert.That(BudgetOf(server).Waiting, Is.EqualTo(waiting));
        Assert.That(BudgetOf(server).UsedBytes, Is.EqualTo(Budget / (1 + waiting)));

        Assert.That(Finish(server, first).Text, Is.EqualTo($"{Budget / 2}"));
        Assert.That(Finish(server, second).Text, Is.EqualTo($"{Budget / 2 + bytesMore}"));
    }

    [TestCase(Budget, 200, false)]
    [TestCase(Budget + 1, 413, false)]
    [TestCase(Budget, 200, true)]
    [TestCase(Budget + 1, 413, true)]
    public void A_body_may_need_all_of_the_memory_and_one_that_needs_more_is_413(
        int bytes, int status, bool isChunked)
    {
        using ServerFixture server = Serving();
        HttpPeer peer = server.ConnectNow();
        peer.Send(isChunked
            ? PostChunked("/", new string('x', bytes))
            : Post("/", new string('x', bytes)));
        server.Settle();

        Assert.That(peer.TakeOne("POST").Status, Is.EqualTo(status));
        Assert.That((peer.IsEnded, peer.IsReset), Is.EqualTo((status == 413, false)));
        Assert.That(BudgetOf(server).UsedBytes, Is.Zero);
    }

    [Test]
    public void A_client_whose_body_waits_for_memory_is_not_slow_however_long_that_takes()
    {
        using var gate = new Gate();
        using ServerFixture server = Serving(Endless, gate);
        HttpPeer holder = Hold(server, Budget);
        HttpPeer waiter = Begin(server, 1000, 10);
        server.RunFor(3600);
        Assert.That(waiter.Received, Is.Empty);

        gate.Open();
        server.Settle();
        Assert.That(holder.TakeOne("POST").Status, Is.EqualTo(200));
        server.RunFor(4);
        Assert.That(waiter.Received, Is.Empty, "now its clock runs");
        server.RunFor(2);
        Assert.That(waiter.TakeOne("POST").Status, Is.EqualTo(408));
    }

    [Test]
    public void Five_seconds_without_progress_are_503_with_Retry_After_and_the_end()
    {
        using var gate = new Gate();
        using ServerFixture server = Serving(Options, gate);
        Hold(server, Budget);
        TimeSpan begun = server.Driver.Now;
        HttpPeer waiter = server.ConnectNow();
        begun = server.Driver.Now;
        waiter.Send(Head(1000) + "0123456789");
        server.RunTo(begun + TimeSpan.FromSeconds(5) - s_tick);
        Assert.That(waiter.Received, Is.Empty, "a tick before");

        server.RunTo(begun + TimeSpan.FromSeconds(5) + (2 * s_tick));
        RawAnswer answer = waiter.TakeOne("POST");
        Assert.That((answer.Status, answer["Retry-After"]), Is.EqualTo((503, "1")));
        Assert.That((answer.SaysClose, waiter.IsEnded, waiter.IsReset),
            Is.EqualTo((true, true, false)));
        Assert.That(server.Logged(), Has.Exactly(1).Contains("MEMORY-BODY"));
        gate.Open();
    }

    [Test]
    public void The_newest_that_waits_is_refused_first()
    {
        using var gate = new Gate();
        using ServerFixture server = Serving(Options, gate);
        Hold(server, Budget);
        HttpPeer[] waiters = [.. Enumerable.Range(0, 3).Select(_ =>
        {
            HttpPeer waiter = Begin(server, 1000, 10);
            server.RunFor(1);
            return waiter;
        })];
        int[] Answered() => [.. waiters.Select(one => one.Received.Length > 0 ? 1 : 0)];
        server.RunFor(1.9);
        Assert.That(Answered(), Is.EqualTo(new[] { 0, 0, 0 }));
        server.RunFor(0.2);
        Assert.That(Answered(), Is.EqualTo(new[] { 0, 0, 1 }), "5 s after the first began to wait");
        server.RunFor(5);
        Assert.That(Answered(), Is.EqualTo(new[] { 0, 1, 1 }));
        server.RunFor(5);
        Assert.That(Answered(), Is.EqualTo(new[] { 1, 1, 1 }));
        gate.Open();
    }

    [Test]
    public void Who_gives_memory_back_lets_the_oldest_go_on_first()
    {
        using var gate = new Gate();
        using ServerFixture server = Serving(Endless, gate);
        Hold(server, Budget);
        HttpPeer older = Begin(server, Budget, Budget - 1);
        HttpPeer newer = Begin(server, Budget, Budget - 1);
        gate.Open();
        server.Settle();
        Assert.That(BudgetOf(server).Waiting, Is.EqualTo(1));

        Assert.That(Finish(server, older).Status, Is.EqualTo(200));
        Assert.That(BudgetOf(server).Waiting, Is.Zero);
        Assert.That(Finish(server, newer).Status, Is.EqualTo(200));
    }

    [Test]
    public void A_small_body_does_not_queue_behind_large_ones()
    {
        using var gate = new Gate();
        using ServerFixture server = Serving(Endless, gate);
        Hold(server, Budget - Block);
        Begin(server, Budget, 0);
        Assert.That(BudgetOf(server).Waiting, Is.EqualTo(1));

        Assert.That(server.Ask(Post("/", new string('x', Block))).Status, Is.EqualTo(200));
        gate.Open();
    }

    [Test]
    public void A_body_that_came_with_its_head_does_not_wait_for_memory()
    {
        using var gate = new Gate();
        using ServerFixture server = Serving(Endless, gate);
        Hold(server, Budget);

        Assert.That(server.Ask(Post("/", new string('x', 10_000))).Text, Is.EqualTo("10000"));
        Assert.That(server.Ask(PostChunked("/", "some", "body")).Text, Is.EqualTo("8"));
        gate.Open();
    }

    [Test]
    public void A_body_that_waits_keeps_what_came_with_its_head_and_no_block_of_its_connection()
    {
        using var gate = new Gate();
        using ServerFixture server = Serving(Endless, gate);
        Hold(server, Budget);
        HttpPeer[] waiters =
            [.. Enumerable.Range(0, 10).Select(_ => Begin(server, Budget, 15_000))];
        Assert.That(server.RentedBlocks, Is.Zero);
        Assert.That(BudgetOf(server).Blocks.RentedBlocks, Is.EqualTo(10));
        Assert.That(BudgetOf(server).UsedBytes, Is.EqualTo(Budget));

        gate.Open();
        server.Settle();
        foreach (HttpPeer waiter in waiters)
        {
            waiter.Send(new string('x', Budget - 15_000));
            server.Settle();
            Assert.That(waiter.TakeOne("POST").Text, Is.EqualTo($"{Budget}"));
        }
    }

    [Test]
    public void A_newer_large_body_does_not_pass_an_older_one()
    {
        using var gate = new Gate();
        using ServerFixture server = Serving(Endless, gate);
        Hold(server, Budget / 2);
        Begin(server, Budget, 0);
        Begin(server, Budget / 2, 0);

        Assert.That(BudgetOf(server).Waiting, Is.EqualTo(2), "although there is room for it");
        gate.Open();
    }

    // The 60,000 bytes are more than the least rate needs in the 30 seconds of BodyIdleTimeout.
    [TestCase(false, 30)]
    [TestCase(true, 5)]
    public void A_client_that_holds_memory_and_is_silent_is_408_sooner_if_others_wait(
        bool othersWait, double seconds)
    {
        using ServerFixture server = Serving();
        HttpPeer holder = server.ConnectNow();
        TimeSpan begun = server.Driver.Now;
        holder.Send(Head(Budget) + new string('x', 60_000));
        server.Settle();
        HttpPeer? waiter = null;
        if (othersWait)
        {
            server.RunFor(1);
            waiter = server.ConnectNow();
            begun = server.Driver.Now;
            waiter.Send(Post("/", new string('y', 20_000)));
        }

        server.RunTo(begun + TimeSpan.FromSeconds(seconds) - s_tick);
        Assert.That(holder.Received, Is.Empty);
        server.RunTo(begun + TimeSpan.FromSeconds(seconds) + TimeSpan.FromMilliseconds(2));
        Assert.That(holder.TakeOne("POST").Status, Is.EqualTo(408));
        Assert.That(waiter?.TakeOne("POST").Status, Is.EqualTo(othersWait ? 200 : null));
    }

    [Test]
    public void A_client_that_came_fast_and_then_trickles_is_408_while_others_wait()
    {
        using ServerFixture server = Serving();
        HttpPeer holder = Begin(server, Budget, 60_000);
        HttpPeer waiter = Begin(server, 20_000, 20_000);
        for (int i = 0; i < 5; i++)
        {
            Assert.That(holder.Received, Is.Empty, $"after {i} s");
            holder.Send("x");
            server.RunFor(1.01);
        }

        Assert.That(holder.TakeOne("POST").Status, Is.EqualTo(408));
        Assert.That(waiter.TakeOne("POST").Status, Is.EqualTo(200));
    }

    [Test]
    public void Progress_of_any_body_puts_the_503_off_for_two_minutes_at_most()
    {
        using ServerFixture server = Serving();
        HttpPeer holder = Begin(server, Budget, 10);
        HttpPeer waiter = server.ConnectNow();
        TimeSpan begun = server.Driver.Now;
        waiter.Send(Post("/", new string('y', 20_000)));
        for (int i = 0; i < 119; i++)
        {
            holder.Send(new string('x', 300));
            server.RunTo(begun + TimeSpan.FromSeconds(i + 1));
        }

        holder.Send(new string('x', 300));
        server.RunTo(begun + TimeSpan.FromMinutes(2) - s_tick);
        Assert.That(waiter.Received, Is.Empty);
        server.RunTo(begun + TimeSpan.FromMinutes(2) + (2 * s_tick));
        Assert.That(waiter.TakeOne("POST").Status, Is.EqualTo(503));
        Assert.That(holder.Received, Is.Empty);
    }

    [Test]
    public void Bodies_that_hold_each_other_up_are_refused_until_the_oldest_can_go_on()
    {
        using ServerFixture server = Serving();
        HttpPeer[] peers = [.. Enumerable.Range(0, 4).Select(_ =>
        {
            HttpPeer peer = server.ConnectNow();
            peer.Send(ChunkedHead + $"{Block + 1:x}\r\n" + new string('x', Block - 1));
            server.Settle();
            return peer;
        })];
        TimeSpan begun = server.Driver.Now;
        Array.ForEach(peers, peer => peer.Send("xx\r\n"));
        server.RunTo(begun + TimeSpan.FromSeconds(5) - s_tick);
        Assert.That(BudgetOf(server).Waiting, Is.EqualTo(4), "each has a block and needs another");
        Assert.That(peers.Select(one => one.Received), Is.All.Empty);

        server.RunTo(begun + TimeSpan.FromSeconds(5) + (2 * s_tick));
        peers[0].Send("0\r\n\r\n");
        server.Settle();
        Assert.That(
            peers.Select(one => one.TakeOne("POST").Status),
            Is.EqualTo(new[] { 200, 503, 503, 503 }));
    }
}
