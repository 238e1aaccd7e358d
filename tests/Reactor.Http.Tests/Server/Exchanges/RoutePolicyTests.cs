using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// The limits of one route: requests at once, given back on every way out of a handler; the time of
/// its handler, to the tick; and whether a client that leaves cancels it.
/// </summary>
public class RoutePolicyTests
{
    private const int Most = 2;

    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private static readonly RouteOptions s_few = new() { RequestsInFlightMax = Most };

    [Test]
    public void As_many_requests_run_as_the_route_allows_and_one_more_is_503_at_once()
    {
        int runs = 0;
        using var server = new ServerFixture(app =>
        {
            app.Get("/few", Wait(() => runs++), s_few);
            app.Get("/other", Wait(() => { }), s_few);
        });
        HttpPeer[] running = SendAll(server, Most);
        Assert.That(running.Select(peer => peer.Received), Is.All.Empty);

        HttpPeer peer = server.ConnectNow();
        RawAnswer answer = peer.Ask(Get("/few"));
        Assert.That(
            (answer.Status, answer["Retry-After"], answer.SaysClose, runs),
            Is.EqualTo((503, "1", false, Most)));
        Assert.That(server.Logged(), Has.One.Contains("Overloaded (Route)"));

        peer.Send(Get("/other"));
        server.RunFor(11);
        Assert.That(running.Append(peer).Select(one => one.TakeOne().Status), Is.All.EqualTo(200));
        Assert.That(peer.Received, Is.Empty);
        AssertFree(server);
    }

    [Test]
    public void The_limit_is_the_routes_whatever_the_method_of_the_request()
    {
        using var server = new ServerFixture(app => app.Get("/few", Wait(() => { }), s_few));
        HttpPeer[] running = SendAll(server, Most);

        Assert.That(
            server.Ask("HEAD /few HTTP/1.1\r\nHost: h\r\n\r\n").Status, Is.EqualTo(503));
        server.RunFor(11);
        Assert.That(running.Select(one => one.TakeOne().Status), Is.All.EqualTo(200));
    }

    [Test]
    public void Middleware_is_within_the_limit()
    {
        int seen = 0;
        using var server = new ServerFixture(app =>
        {
            app.Use(async (request, next) =>
            {
                seen++;
                await EventLoop.Delay(TimeSpan.FromSeconds(5));
                return await next(request);
            });
            app.Get("/few", Wait(() => { }), s_few);
        });
        SendAll(server, Most + 1);

        Assert.That(seen, Is.EqualTo(Most));
    }

    [Test]
    public void A_body_too_large_takes_no_place()
    {
        using var server = new ServerFixture(app => app.Post(
            "/few", Wait(() => { }), s_few with { BodyBytesMax = 1 }));
        for (int i = 0; i <= Most; i++)
        {
            Assert.That(server.Ask(Post("/few", "xx")).Status, Is.EqualTo(413));
        }
    }

    [TestCase("returns", 200)]
    [TestCase("returns at once", 200)]
    [TestCase("streams", 200)]
    [TestCase("throws", 500)]
    [TestCase("throws a response", 409)]
    [TestCase("returns nothing", 500)]
    [TestCase("is late", 503)]
    public void The_place_is_free_after_a_handler_that(string how, int status)
    {
        bool isWaiting = false;
        using var server = new ServerFixture(
            app => app.Get("/few", request => Handle(request), s_few),
            new HttpServerOptions { Times = new() { HandlerTimeout = TimeSpan.FromSeconds(5) } });
        for (int i = 0; i < 2 * Most; i++)
        {
            HttpPeer peer = server.ConnectNow();
            peer.Send(Get("/few"));
            server.RunFor(6);
            Assert.That(peer.TakeOne().Status, Is.EqualTo(status));
        }

        isWaiting = true;
        AssertFree(server);

        async Coroutine<Response> Handle(Request request)
        {
            string now = isWaiting ? "returns" : how;
            if (now != "returns at once")
            {
                await EventLoop.Delay(TimeSpan.FromSeconds(now == "is late" ? 100 : 1));
            }

            switch (now)
            {
                case "throws":
                    throw new InvalidOperationException("on purpose");
                case "throws a response":
                    throw HttpException.Conflict();
                case "returns nothing":
                    return null!;
                case "streams":
                    var stream = new StreamResponse();
                    stream.Prepare(request);
                    await stream.WriteAsync(new byte[10]);
                    await EventLoop.Delay(TimeSpan.FromSeconds(1));
                    return stream;
                default:
                    return Response.Text("ok");
            }
        }
    }

    [TestCase("reset")]
    [TestCase("closed")]
    public void The_place_is_free_after_the_client_is_gone(string how)
    {
        using var server = new ServerFixture(app => app.Get(
            "/few", Wait(() => { }), s_few with { CancelHandlerOnDisconnect = true }));
        for (int i = 0; i < 2; i++)
        {
            foreach (HttpPeer peer in SendAll(server, Most))
            {
                Action leave = how == "reset" ? peer.Reset : peer.Close;
                leave();
            }

            server.RunFor(how == "reset" ? 0 : 10);
        }

        AssertFree(server);
    }

    [Test]
    public void The_place_is_taken_until_a_handler_that_was_not_told_has_ended()
    {
        using var server = new ServerFixture(app => app.Get("/few", Wait(() => { }), s_few));
        Array.ForEach(SendAll(server, Most), peer => peer.Reset());
        server.RunFor(9);
        Assert.That(server.Ask(Get("/few")).Status, Is.EqualTo(503), "they still run");

        server.RunFor(2);
        AssertFree(server);
    }

    [Test]
    public void The_place_is_free_after_its_task_was_ended_from_outside()
    {
        using var server = new ServerFixture(app => app.Get("/few", Wait(() => { }), s_few));
        SendAll(server, Most);
        foreach (LoopTask task in server.Loop.AllTasks().Where(task => task.Name == "connection"))
        {
            task.Cancel();
        }

        server.Settle();
        AssertFree(server);
    }

    [Test]
    public void The_place_is_free_after_a_shutdown_has_cut_the_handler_short()
    {
        Endpoint? endpoint = null;
        using var server = new ServerFixture(app => app.Get(
            "/few",
            async request =>
            {
                endpoint = request.Endpoint;
                await EventLoop.Delay(TimeSpan.FromHours(1));
                return new Response();
            },
            s_few));
        SendAll(server, Most);
        RouteGate gate = server.Http.Context.GateOf(endpoint!.Route!, Most);
        Assert.That(gate.IsFull);

        server.BeginShutdown();
        server.RunFor(60);
        Assert.That((server.ConnectionTasks, gate.IsFull), Is.EqualTo((0, false)));
    }

    [Test]
    public void Two_servers_of_one_application_count_apart()
    {
        var application = new Application();
        HttpServer one = application.MakeHandler();
        HttpServer two = application.MakeHandler();
        object route = new();
        one.Context.GateOf(route, 1).Enter();

        Assert.That(one.Context.GateOf(route, 1).IsFull);
        Assert.That(two.Context.GateOf(route, 1).IsFull, Is.False);
    }

    [TestCase(0, 200)]
    [TestCase(1, 503)]
    public void The_time_of_a_route_holds_instead_of_the_servers(int ticks, int status)
    {
        foreach (TimeSpan? ofServer in new TimeSpan?[] { null, TimeSpan.FromSeconds(1) })
        {
            using var server = new ServerFixture(
                app => app.Get(
                    "/few",
                    async _ =>
                    {
                        await EventLoop.Delay(s_limit + (ticks * s_tick));
                        return Response.Text("in time");
                    },
                    new RouteOptions { HandlerTimeout = s_limit }),
                new HttpServerOptions { Times = new() { HandlerTimeout = ofServer } });
            HttpPeer peer = server.ConnectNow();
            peer.Send(Get("/few"));
            server.RunFor(21);

            Assert.That(peer.TakeOne().Status, Is.EqualTo(status));
            Assert.That(
                server.Logged().Count(line => line.Contains("00:00:20", StringComparison.Ordinal)),
                Is.EqualTo(status == 503 ? 1 : 0), "the log names the limit of the route");
        }
    }

    [Test]
    public void A_route_may_have_no_limit_of_time()
    {
        using var server = new ServerFixture(
            app => app.Get(
                "/few", Wait(() => { }),
                new RouteOptions { HandlerTimeout = Timeout.InfiniteTimeSpan }),
            new HttpServerOptions { Times = new() { HandlerTimeout = TimeSpan.FromSeconds(1) } });
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/few") + Get("/none"));
        server.RunFor(11);

        Assert.That(peer.Take().Select(one => one.Status), Is.EqualTo(new[] { 200, 404 }));
    }

    [TestCase(null, false, false)]
    [TestCase(null, true, true)]
    [TestCase(true, false, true)]
    [TestCase(false, true, false)]
    public void A_route_says_whether_a_client_that_leaves_cancels_its_handler(
        bool? ofRoute, bool ofServer, bool isCancelled)
    {
        bool wasCancelled = false;
        using var server = new ServerFixture(
            app => app.Get(
                "/few",
                async _ =>
                {
                    try
                    {
                        await EventLoop.Delay(TimeSpan.FromSeconds(10));
                    }
                    catch (LoopCanceledException)
                    {
                        wasCancelled = true;
                        throw;
                    }

                    return new Response();
                },
                new RouteOptions { CancelHandlerOnDisconnect = ofRoute }),
            new HttpServerOptions { CancelHandlerOnDisconnect = ofServer });
        SendAll(server, 1)[0].Reset();
        server.RunFor(11);

        Assert.That(wasCancelled, Is.EqualTo(isCancelled));
    }

    [Test]
    public void An_option_out_of_range_is_refused_where_it_is_set()
    {
        Assert.That(
            () => new RouteOptions { RequestsInFlightMax = 0 },
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("at least 1"));
        Assert.That(
            () => new RouteOptions { HandlerTimeout = TimeSpan.Zero },
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static Handler Wait(Action onBegin) => async _ =>
    {
        onBegin();
        await EventLoop.Delay(TimeSpan.FromSeconds(10));
        return Response.Text("waited");
    };

    private static HttpPeer[] SendAll(ServerFixture server, int count)
    {
        HttpPeer[] peers = [.. Enumerable.Range(0, count).Select(_ => server.ConnectNow())];
        Array.ForEach(peers, peer => peer.Send(Get("/few")));
        server.Settle();
        return peers;
    }

    /// <summary>Every place of the route can be taken, and no more than those.</summary>
    private static void AssertFree(ServerFixture server)
    {
        HttpPeer[] peers = SendAll(server, Most + 1);
        server.RunFor(11);
        Assert.That(
            peers.Select(peer => peer.TakeOne().Status),
            Is.EqualTo(Enumerable.Repeat(200, Most).Append(503)));
    }
}
