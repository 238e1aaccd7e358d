using Reactor.Net;
using Reactor.Simulation;
using Reactor.Sync;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// A server that has as many connections as it may have: clients that only keep theirs open do not
/// keep others out, and no request is lost to that.
/// </summary>
public sealed class FullServerTests
{
    private static readonly ServerOptions s_three = new() { ConnectionsMax = 3 };

    private static readonly HttpServerOptions s_forHours = new()
    {
        Times = new() { KeepAliveTimeout = TimeSpan.FromHours(2) },
    };

    /// <summary>The kernel takes a response at once, the client's system a part of it.</summary>
    private static readonly InMemoryOptions s_deepBuffers = new()
    {
        WindowBytes = 126_976,
        WindowStepBytes = 108_544,
        SendBufferBytes = 4_000_000,
    };

    [Test]
    public void The_connection_that_has_been_idle_longest_makes_room_for_a_new_client(
        [Values(0, 1, 2)] int last, [Values(0.001, 0.3, 2)] double apart)
    {
        using ServerFixture server = Serve(s_three);
        HttpPeer[] peers = [.. Enumerable.Range(0, 3).Select(_ => server.ConnectNow())];
        // The order of idleness is not that of the connects: it begins behind the last.
        int[] order = [.. Enumerable.Range(1, 3).Select(i => (last + i) % 3)];
        foreach (int i in order)
        {
            peers[i].Ask(Get("/"));
            server.RunFor(apart);
        }

        server.RunFor(1);
        for (int count = 1; count <= 3; count++)
        {
            Assert.That(server.Ask(Get("/")).Text, Is.EqualTo("hi"), "the new client is served");
            Assert.That(
                order.Where(i => peers[i].IsEnded), Is.EqualTo(order.Take(count)), "in this order");
            Assert.That(server.Server.Evicted, Is.EqualTo(count));
        }
    }

    [TestCase(0, true)]
    [TestCase(-1, false)]
    public void Only_after_a_second_a_connection_counts_as_idle(int ticks, bool isClosed)
    {
        using ServerFixture server = Serve(s_three with { ConnectionsMax = 1 });
        HttpPeer idle = server.ConnectNow();
        idle.Ask(Get("/"));
        TimeSpan since = server.Driver.Now - TimeSpan.FromTicks(1); // Settle has passed one
        server.RunTo(since + TimeSpan.FromSeconds(1) + TimeSpan.FromTicks(ticks));
        HttpPeer late = server.ConnectNow();

        Assert.That(idle.IsEnded, Is.EqualTo(isClosed));
        Assert.That(server.Server.IsFull);
        server.RunFor(0.1); // and it looks again
        Assert.That(late.Ask(Get("/")).Text, Is.EqualTo("hi"));
    }

    [Test]
    public void A_client_that_has_sent_nothing_keeps_nobody_out()
    {
        using ServerFixture server = Serve(s_three with { ConnectionsMax = 1 });
        HttpPeer silent = server.ConnectNow();
        server.RunFor(1);

        Assert.That(server.Ask(Get("/")).Text, Is.EqualTo("hi"));
        Assert.That(silent.IsEnded);
    }

    [Test]
    public void A_request_that_has_just_arrived_on_an_idle_connection_is_answered()
    {
        using ServerFixture server = Serve(s_three with { ConnectionsMax = 2 });
        HttpPeer longest = server.ConnectNow();
        longest.Ask(Get("/"));
        server.RunFor(0.1);
        HttpPeer other = server.ConnectNow();
        other.Ask(Get("/"));
        server.RunFor(1);
        HttpPeer late = server.Connect();
        longest.Send(Get("/")); // in the same turn as the connect
        server.Settle();

        Assert.That(longest.TakeOne().Text, Is.EqualTo("hi"));
        Assert.That((longest.IsEnded, other.IsEnded), Is.EqualTo((false, true)));
        Assert.That(late.Ask(Get("/")).Text, Is.EqualTo("hi"));
    }

    [Test]
    public void While_every_connection_has_a_request_new_clients_wait()
    {
        var gate = new Gate();
        using ServerFixture server = Serve(
            s_three with { ConnectionsMax = 2 }, async _ => await gate.Pass());
        HttpPeer[] busy = [server.ConnectNow(), server.ConnectNow()];
        Array.ForEach(busy, peer => peer.Send(Get("/slow")));
        HttpPeer waiting = server.Connect();
        waiting.Send(Get("/"));
        server.RunFor(60);
        Assert.That(waiting.Received, Is.Empty);
        Assert.That(server.Server.IsFull);

        gate.Open();
        server.RunFor(1.2); // both are answered, and then idle for a second
        Assert.That(busy[0].TakeOne().Text, Is.EqualTo("slow"));
        Assert.That(waiting.TakeOne().Text, Is.EqualTo("hi"));
    }

    [Test]
    public void A_client_whose_address_has_its_share_closes_nobody_elses_connection()
    {
        using ServerFixture server = Serve(
            s_three with { ConnectionsMax = 1, ConnectionsPerAddressMax = 1 });
        HttpPeer idle = server.ConnectNow();
        idle.Ask(Get("/"));
        server.RunFor(10);
        HttpPeer greedy = server.ConnectNow();

        Assert.That((greedy.IsReset, idle.IsEnded), Is.EqualTo((true, false)));
        Assert.That(server.Server.TurnedAway, Is.EqualTo(1));
    }

    [Test]
    public void A_server_may_be_told_to_close_no_idle_connection(
        [Values] bool hasNoKeepAliveLimit, [Values] bool isInfinite)
    {
        TimeSpan never = isInfinite ? Timeout.InfiniteTimeSpan : TimeSpan.MaxValue;
        var options = hasNoKeepAliveLimit ? Patient : new HttpServerOptions();
        using ServerFixture server = Serve(
            s_three with { ConnectionsMax = 1, EvictIdleAfter = never },
            options: options);
        HttpPeer idle = server.ConnectNow();
        idle.Ask(Get("/"));
        HttpPeer late = server.Connect();
        server.RunFor(60);
        Assert.That(idle.IsEnded, Is.False);
        idle.Close();
        Assert.That(late.Ask(Get("/")).Text, Is.EqualTo("hi"));
    }

    [Test]
    public void Idle_time_is_known_where_it_has_no_limit()
    {
        using ServerFixture server = Serve(s_three with { ConnectionsMax = 1 }, options: Patient);
        HttpPeer idle = server.ConnectNow();
        idle.Ask(Get("/"));
        HttpPeer late = server.Connect();
        server.RunFor(0.9);
        Assert.That(idle.IsEnded, Is.False);
        server.RunFor(2);
        Assert.That(idle.IsEnded);
        Assert.That(late.Ask(Get("/")).Text, Is.EqualTo("hi"));
    }

    [Test]
    public void Thousands_of_busy_connections_do_not_hide_the_idle_ones()
    {
        const int busyCount = 3000;
        var gate = new Gate();
        using ServerFixture server = Serve(
            s_three with { ConnectionsMax = busyCount + 1 }, async _ => await gate.Pass());
        for (int i = 0; i < busyCount; i++)
        {
            server.ConnectNow().Send(Get("/slow")); // the backlog has room for 1,024
        }

        HttpPeer idle = server.ConnectNow();
        idle.Ask(Get("/"));
        server.RunFor(1);
        HttpPeer late = server.Connect();
        server.RunFor(0.3); // each look passes 1,024 busy ones over

        Assert.That(idle.IsEnded);
        Assert.That(late.Ask(Get("/")).Text, Is.EqualTo("hi"));
        gate.Open();
    }

    [Test]
    public void Who_waits_for_room_when_the_server_shuts_down_is_served()
    {
        var gate = new Gate();
        using ServerFixture server = Serve(
            s_three with { ConnectionsMax = 1 }, async _ => await gate.Pass());
        HttpPeer busy = server.ConnectNow();
        busy.Send(Get("/slow"));
        server.Settle();
        HttpPeer[] waiting = [server.Connect(), server.Connect()];
        Array.ForEach(waiting, peer => peer.Send(Get("/")));
        server.Settle();
        server.BeginShutdown();
        server.RunFor(1);
        HttpPeer late = server.ConnectNow();
        Assert.That(late.IsRefused, "no new client is let in");
        gate.Open();
        server.RunFor(10); // each lingers for 2 s, as its client does not end its stream

        Assert.That(busy.TakeOne().Text, Is.EqualTo("slow"));
        Assert.That(waiting.Select(peer => peer.TakeOne().Text), Is.EqualTo(["hi", "hi"]));
    }

    // 300 KB in the kernel, of which the client's system takes 124 KiB: at 240 B/s that buys 529 s.
    [Test]
    public void A_client_that_does_not_read_its_response_keeps_others_out_for_a_time_only()
    {
        using ServerFixture server = Serve(
            s_three with { ConnectionsMax = 1 }, options: s_forHours, network: s_deepBuffers);
        HttpPeer silent = AskAndNotRead(server);
        HttpPeer late = server.Connect();
        late.Send(Get("/"));
        server.RunFor(119);
        Assert.That((silent.IsEnded, silent.IsReset), Is.EqualTo((false, false)));
        server.RunFor(1 + 120 + 529 + 10);

        Assert.That(silent.IsReset);
        Assert.That(late.TakeOne().Text, Is.EqualTo("hi"));
    }

    [Test]
    public void A_client_that_reads_its_response_slowly_gets_all_of_it_although_others_wait()
    {
        using ServerFixture server = Serve(
            s_three with { ConnectionsMax = 1 }, options: s_forHours, network: s_deepBuffers);
        HttpPeer slow = AskAndNotRead(server);
        HttpPeer late = server.Connect();
        late.Send(Get("/"));
        for (int second = 0; second < 320 && !slow.IsReset && !slow.IsEnded; second++)
        {
            slow.Read(1000);
            server.RunFor(1);
        }

        Assert.That((slow.IsReset, slow.IsEnded), Is.EqualTo((false, true)));
        Assert.That(slow.TakeOne().Body, Has.Length.EqualTo(300_000));
        server.RunFor(3);
        Assert.That(late.TakeOne().Text, Is.EqualTo("hi"));
    }

    [Test]
    public void A_look_for_room_asks_the_system_about_a_few_connections_only()
    {
        const int SlowCount = 100;
        using ServerFixture server = Serve(
            s_three with { ConnectionsMax = SlowCount }, options: s_forHours,
            network: s_deepBuffers);
        HttpPeer[] slow = [.. Enumerable.Range(0, SlowCount).Select(_ => AskAndNotRead(server))];
        server.RunFor(1);
        server.Recorder.Forget();
        HttpPeer late = server.ConnectNow(); // which is a look
        Assert.That(server.Recorder.Questions, Is.InRange(1, 16));
        late.Close();
        Array.ForEach(slow, peer => peer.IsReading = true);
    }

    private static HttpPeer AskAndNotRead(ServerFixture server)
    {
        HttpPeer peer = server.ConnectNow();
        peer.IsReading = false;
        peer.Send(Get("/large"));
        server.Settle();
        return peer;
    }

    private static ServerFixture Serve(
        ServerOptions serverOptions,
        Func<Request, Coroutine>? slow = null,
        HttpServerOptions? options = null,
        InMemoryOptions? network = null) => new(
            app =>
            {
                app.OnGet("/", "hi");
                app.OnGet("/large", _ => Response.Bytes(new byte[300_000]));
                app.Get("/slow", async request =>
                {
                    await slow!(request);
                    return Response.Text("slow");
                });
            },
            options,
            network,
            serverOptions);

    /// <summary>Handlers wait until a test lets them go on.</summary>
    private sealed class Gate
    {
        private readonly AsyncEvent _open = new();

        public void Open() => _open.Set();

        public async Coroutine Pass() => await _open.WaitAsync();
    }
}
