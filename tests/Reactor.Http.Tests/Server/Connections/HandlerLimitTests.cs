using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// The limit of a handler beside the other deadlines of its connection, to the tick: it holds while
/// a body is read, and ends with the handler.
/// </summary>
public class HandlerLimitTests
{
    private const string PostOf100 =
        "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\n";

    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    [Test]
    public void It_holds_while_the_body_comes_in_time()
    {
        using ServerFixture server = Serve(async request =>
            Response.Text(await request.TextAsync()));
        HttpPeer peer = server.ConnectNow();
        TimeSpan begun = server.Driver.Now;
        peer.Send(PostOf100);
        for (int i = 1; i < 4; i++)
        {
            server.RunTo(begun + TimeSpan.FromSeconds(5 * i));
            peer.Send("x"); // each byte sets the deadline of the body anew
        }

        server.RunTo(begun + s_limit - s_tick);
        Assert.That((peer.Received, server.ConnectionTasks), Is.EqualTo(("", 1)));

        server.RunTo(begun + s_limit + (2 * s_tick));
        RawAnswer answer = peer.TakeOne();
        Assert.That((answer.Status, answer.SaysClose, peer.IsEnded), Is.EqualTo((503, true, true)));
    }

    // At the same moment the handler is cancelled: its own time is up.
    [TestCase(-1, 408)]
    [TestCase(0, 503)]
    [TestCase(1, 503)]
    public void The_earlier_of_it_and_the_bodys_deadline_decides(int ticksLater, int status)
    {
        using ServerFixture server = Serve(
            async request => Response.Text(await request.TextAsync()),
            bodyIdle: s_limit + (ticksLater * s_tick));
        HttpPeer peer = server.ConnectNow();
        TimeSpan begun = server.Driver.Now;
        peer.Send(PostOf100);
        server.RunTo(begun + s_limit + (4 * s_tick));

        Assert.That((peer.TakeOne().Status, peer.IsEnded), Is.EqualTo((status, true)));
    }

    [Test]
    public void It_ends_with_the_handler_although_the_body_is_drained_beyond_it()
    {
        using ServerFixture server = Serve(async _ =>
        {
            await EventLoop.Delay(s_limit - s_tick);
            return Response.Text("in time");
        });
        HttpPeer peer = server.ConnectNow();
        TimeSpan begun = server.Driver.Now;
        peer.Send(PostOf100);
        server.RunTo(begun + s_limit + (2 * s_tick));
        Assert.That(peer.TakeOne().Text, Is.EqualTo("in time"));
        Assert.That((peer.IsEnded, server.ConnectionTasks), Is.EqualTo((false, 1)), "it drains");

        server.RunTo(begun + TimeSpan.FromSeconds(30));
        peer.Send(new string('x', 100) + Get("/"));
        TimeSpan asked = server.Driver.Now;
        server.RunTo(asked + s_limit);
        Assert.That(peer.TakeOne().Text, Is.EqualTo("in time"), "the next has a limit of its own");
        AssertIdleFrom(server, peer, asked + s_limit - s_tick);
    }

    [Test]
    public void It_ends_with_the_handler_although_its_connection_lingers_beyond_it()
    {
        using ServerFixture server = Serve(async _ =>
        {
            await EventLoop.Delay(s_limit - s_tick);
            return Response.Text("in time");
        });
        HttpPeer peer = server.ConnectNow();
        TimeSpan begun = server.Driver.Now;
        peer.Send("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
        server.RunTo(begun + s_limit + (2 * s_tick));
        Assert.That(peer.TakeOne().Text, Is.EqualTo("in time"));
        Assert.That((peer.IsEnded, server.ConnectionTasks), Is.EqualTo((true, 1)), "it lingers");

        TimeSpan end = begun + s_limit - s_tick + TimeSpan.FromSeconds(2); // LingerIdleTimeout
        server.RunTo(end - s_tick);
        Assert.That(server.ConnectionTasks, Is.EqualTo(1));
        server.RunTo(end + (2 * s_tick));
        Assert.That((server.ConnectionTasks, peer.IsReset), Is.EqualTo((0, false)));
    }

    [Test]
    public void The_grace_of_an_overdue_handler_ends_with_it_and_the_connection_is_idle_from_then()
    {
        using ServerFixture server = Serve(Handlers.Outlive(TimeSpan.FromSeconds(1)));
        HttpPeer peer = server.ConnectNow();
        TimeSpan begun = server.Driver.Now;
        peer.Send(Get("/"));
        TimeSpan answered = begun + s_limit + TimeSpan.FromSeconds(1);
        server.RunTo(answered + (2 * s_tick));
        Assert.That(peer.TakeOne().Text, Is.EqualTo("late"));
        AssertIdleFrom(server, peer, answered);
        Assert.That(server.Logged(), Has.None.Contains("still runs"));
    }

    [Test]
    public void A_shutdown_cancels_an_overdue_handler_within_its_grace()
    {
        using ServerFixture server = Serve(Handlers.Outlive(TimeSpan.FromHours(1)));
        HttpPeer peer = server.ConnectNow();
        TimeSpan begun = server.Driver.Now;
        peer.Send(Get("/"));
        server.RunTo(begun + s_limit - TimeSpan.FromSeconds(8));
        LoopTask shutdown = server.BeginShutdown(); // cuts requests short after 10 seconds
        server.RunTo(begun + s_limit + TimeSpan.FromSeconds(1));
        Assert.That((peer.Received, shutdown.IsDone), Is.EqualTo(("", false)));

        server.RunTo(begun + s_limit + TimeSpan.FromSeconds(4));
        Assert.That(peer.TakeOne().Status, Is.EqualTo(503));
        server.RunFor(10);
        Assert.That(shutdown.IsDone);
        Assert.That(server.Logged(), Has.None.Contains("still runs"));
    }

    [Test]
    public void It_holds_beyond_the_reset_of_a_client_that_takes_nothing()
    {
        TimeSpan? cancelled = null;
        using ServerFixture server = Serve(
            async request =>
            {
                var response = new StreamResponse();
                response.Prepare(request);
                _ = request.Loop.CreateTask(
                    response.WriteAsync(new byte[1024 * 1024]), "write");
                try
                {
                    await EventLoop.Delay(TimeSpan.FromHours(1));
                }
                catch (LoopCanceledException)
                {
                    cancelled = request.Loop.Time;
                }

                return response;
            },
            sendIdle: TimeSpan.FromSeconds(10));
        HttpPeer peer = server.ConnectNow();
        peer.IsReading = false;
        TimeSpan begun = server.Driver.Now;
        peer.Send(Get("/"));
        server.RunTo(begun + s_limit - s_tick);
        Assert.That((peer.IsReset, cancelled), Is.EqualTo((true, (TimeSpan?)null)));

        server.RunTo(begun + s_limit + (2 * s_tick));
        Assert.That(cancelled, Is.EqualTo(begun + s_limit));
        Assert.That(server.ConnectionTasks, Is.Zero);
    }

    private static void AssertIdleFrom(ServerFixture server, HttpPeer peer, TimeSpan answered)
    {
        TimeSpan end = answered + TimeSpan.FromSeconds(75);
        server.RunTo(end - s_tick);
        Assert.That((peer.IsEnded, server.ConnectionTasks), Is.EqualTo((false, 1)));
        server.RunTo(end + (2 * s_tick));
        Assert.That((peer.IsEnded, peer.IsReset, peer.Received), Is.EqualTo((true, false, "")));
    }

    private static ServerFixture Serve(
        Handler handler,
        TimeSpan? bodyIdle = null,
        TimeSpan? sendIdle = null) => new(
            app =>
            {
                app.Get("/", handler);
                app.Post("/", handler);
            },
            new HttpServerOptions
            {
                Times = new()
                {
                    HandlerTimeout = s_limit,
                    BodyIdleTimeout = bodyIdle ?? TimeSpan.FromSeconds(60),
                    SendIdleTimeout = sendIdle ?? TimeSpan.FromSeconds(60),
                    BytesPerSecondMin = 0,
                },
                Shutdown = new() { Timeout = TimeSpan.FromSeconds(10) },
            });
}
