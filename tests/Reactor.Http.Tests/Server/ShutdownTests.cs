using Reactor.Testing;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// The end in order: stop listening, close who is idle, let who is busy finish, and at the limits,
/// to the tick, cancel and abort. Every moment is one of the virtual clock.
/// </summary>
public class ShutdownTests
{
    private static readonly HttpServerOptions s_options = new()
    {
        Shutdown = new()
        {
            Timeout = TimeSpan.FromSeconds(10),
            CancelTimeout = TimeSpan.FromSeconds(3),
        },
    };

    [Test]
    public void Idle_connections_are_closed_at_once_and_nobody_else_is_let_in()
    {
        using var server = new ServerFixture(AddRoutes, s_options);
        HttpPeer fresh = server.ConnectNow();
        HttpPeer used = server.Connect();
        used.Ask(Get("/"));
        LoopTask shutdown = server.BeginShutdown();
        server.Settle();

        Assert.That(shutdown.IsDone);
        Assert.That((fresh.IsEnded, used.IsEnded), Is.EqualTo((true, true)));
        Assert.That((fresh.IsReset, used.IsReset, used.Received), Is.EqualTo((false, false, "")));
        Assert.That(server.Driver.OpenListeners, Is.Zero);
    }

    [Test]
    public void A_request_that_runs_is_answered_with_close()
    {
        using var server = new ServerFixture(AddRoutes, s_options);
        HttpPeer peer = server.Connect();
        peer.Send(Get("/wait/5"));
        server.RunFor(1);
        LoopTask shutdown = server.BeginShutdown();
        server.RunFor(4.5);
        RawAnswer answer = peer.TakeOne();

        Assert.That((answer.Text, answer.SaysClose), Is.EqualTo(("waited", true)));
        Assert.That(peer.IsEnded);
        peer.End();
        server.Settle();
        Assert.That(shutdown.IsDone);
    }

    [Test]
    public void A_stream_that_runs_is_finished()
    {
        using var server = new ServerFixture(AddRoutes, s_options);
        HttpPeer peer = server.Connect();
        peer.Send(Get("/stream/5"));
        server.RunFor(1);
        LoopTask shutdown = server.BeginShutdown();
        server.RunFor(5);

        Assert.That(peer.TakeOne().Text, Is.EqualTo("xxxxx"));
        Assert.That((peer.IsEnded, shutdown.IsDone), Is.EqualTo((true, true)));
    }

    [Test]
    public void Requests_pipelined_behind_it_are_not_begun()
    {
        using var server = new ServerFixture(AddRoutes, s_options);
        HttpPeer peer = server.Connect();
        peer.Send(Get("/wait/5") + Get("/"));
        server.RunFor(1);
        server.BeginShutdown();
        server.RunFor(5);

        Assert.That(peer.TakeOne().Text, Is.EqualTo("waited"));
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void A_request_whose_rest_comes_in_time_is_answered_with_close()
    {
        using var server = new ServerFixture(AddRoutes, s_options);
        HttpPeer peer = server.Connect();
        peer.Send("GET / HTTP/1.1\r\n");
        server.RunFor(1);
        server.BeginShutdown();
        server.RunFor(1);
        RawAnswer answer = peer.Ask("Host: test\r\n\r\n");

        Assert.That((answer.Text, answer.SaysClose), Is.EqualTo(("index", true)));
    }

    [Test]
    public void A_connection_that_was_accepted_just_before_is_served_or_closed()
    {
        using var server = new ServerFixture(AddRoutes, s_options);
        HttpPeer silent = server.Connect();
        HttpPeer asking = server.Connect();
        asking.Send(Get("/"));
        server.Loop.RunBriefly();
        server.BeginShutdown();
        server.RunFor(1);

        Assert.That(silent.IsEnded || silent.IsReset);
        if (!asking.IsReset)
        {
            Assert.That(asking.TakeOne().SaysClose);
        }
    }

    [Test]
    public void A_late_handler_is_cancelled_at_the_timeout_and_not_before()
    {
        TimeSpan? cancelledAt = null;
        using var server = new ServerFixture(
            app => app.Get("/late", async request =>
            {
                try
                {
                    await EventLoop.Delay(TimeSpan.FromHours(1));
                }
                catch (LoopCanceledException)
                {
                    cancelledAt = request.Loop.Time;
                    throw;
                }

                return Response.Text("never");
            }),
            s_options);
        HttpPeer peer = server.Connect();
        peer.Send(Get("/late"));
        server.Settle();
        LoopTask shutdown = server.BeginShutdown();
        TimeSpan begun = server.Loop.Time;
        server.RunFor(11);
        peer.End();
        server.Settle();

        Assert.That(cancelledAt, Is.EqualTo(begun + s_options.Shutdown.Timeout));
        Assert.That(shutdown.IsDone);
        RawAnswer answer = peer.TakeOne();
        Assert.That((answer.Status, answer.SaysClose), Is.EqualTo((503, true)));
        Assert.That(answer["Retry-After"], Is.EqualTo("1"));
        Assert.That((peer.IsEnded, peer.IsReset), Is.EqualTo((true, false)));
        Assert.That(server.Logged(), Has.Some.EqualTo(
            "The number of connections that did not end within 00:00:10 is 1; 1 of them have a "
            + "handler, which is cancelled"));
        Assert.That(server.Log.Exceptions, Is.Empty, "a cancellation of ours is no error");
    }

    [Test]
    public void A_handler_that_ignores_its_cancellation_is_aborted_in_the_second_timeout()
    {
        TimeSpan? endedAt = null;
        using var server = new ServerFixture(
            app => app.Get("/stubborn", Handlers.Outlive(TimeSpan.FromSeconds(30))),
            s_options);
        HttpPeer peer = server.Connect();
        peer.Send(Get("/stubborn"));
        server.Settle();
        LoopTask shutdown = server.BeginShutdown();
        TimeSpan begun = server.Loop.Time;
        shutdown.AddDoneCallback(_ => endedAt = server.Loop.Time);
        server.RunTo(begun + s_options.Shutdown.Timeout + (s_options.Shutdown.CancelTimeout * 0.7)
            - TimeSpan.FromTicks(1));
        Assert.That((peer.IsReset, shutdown.IsDone), Is.EqualTo((false, false)));

        server.RunFor(60);
        Assert.That(endedAt, Is.EqualTo(
            begun + s_options.Shutdown.Timeout + (s_options.Shutdown.CancelTimeout * 0.7)));
        Assert.That(peer.IsReset);
        Assert.That(peer.Received, Is.Empty);
    }

    [Test]
    public void A_cleanup_that_does_not_end_is_cut_off_before_the_second_timeout()
    {
        TimeSpan? endedAt = null;
        bool isCleaned = false;
        using var server = new ServerFixture(
            app =>
            {
                app.OnCleanup.Add(async _ => await EventLoop.Delay(TimeSpan.FromHours(1)));
                app.OnCleanup.Add(_ => throw new InvalidOperationException("not reached"));
                app.OnShutdown.Add(async _ => isCleaned = true);
            },
            s_options);
        LoopTask shutdown = server.BeginShutdown();
        TimeSpan begun = server.Loop.Time;
        shutdown.AddDoneCallback(_ => endedAt = server.Loop.Time);
        server.RunFor(60);

        Assert.That(isCleaned);
        Assert.That(endedAt, Is.EqualTo(
            begun + s_options.Shutdown.Timeout + (s_options.Shutdown.CancelTimeout * 0.8)));
    }

    [Test]
    public void An_answer_that_is_cut_off_by_the_cancellation_does_not_look_whole()
    {
        using var server = new ServerFixture(
            app => app.Get("/", async request =>
            {
                var response = new StreamResponse();
                response.Prepare(request);
                await response.WriteAsync("begun"u8.ToArray());
                await EventLoop.Delay(TimeSpan.FromHours(1));
                return response;
            }),
            s_options);
        HttpPeer peer = server.Connect();
        peer.Send("GET / HTTP/1.0\r\n\r\n"); // its body ends where the connection ends
        server.Settle();
        server.BeginShutdown();
        server.RunFor(60);

        Assert.That((peer.IsReset, peer.IsEnded), Is.EqualTo((true, false)));
    }

    [Test]
    public void A_client_that_does_not_read_its_answer_is_aborted_in_the_end()
    {
        using var server = new ServerFixture(
            app => app.OnGet("/", _ => Response.Bytes(new byte[1_000_000])), s_options);
        HttpPeer peer = server.Connect();
        peer.IsReading = false;
        peer.Send(Get("/"));
        server.Settle();
        LoopTask shutdown = server.BeginShutdown();
        server.RunFor(60);

        Assert.That((shutdown.IsDone, peer.IsReset), Is.EqualTo((true, true)));
    }

    [Test]
    public void A_handler_that_awaits_what_never_ends_is_aborted_and_leaves_no_buffer()
    {
        var never = new TaskCompletionSource<string>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new ServerFixture(
            app => app.Get("/", async _ => Response.Text(await never.Task)),
            s_options,
            mayReport: true); // the clock jumps meanwhile
        HttpPeer peer = server.Connect();
        peer.Send(Get("/"));
        server.Settle();
        LoopTask shutdown = server.BeginShutdown();
        server.RunFor(60);
        Assert.That((shutdown.IsDone, peer.IsReset), Is.EqualTo((true, true)));

        never.SetResult("too late");
        server.RunUntil(() => server.ConnectionTasks == 0);
        Assert.That(server.RentedBlocks, Is.Zero, "its answer went nowhere");
    }

    [Test]
    public void A_head_that_does_not_become_whole_in_time_is_408()
    {
        using var server = new ServerFixture(
            AddRoutes,
            With(new() { HeaderTimeout = TimeSpan.MaxValue }));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/") + "GET / HTTP/1.1\r\n");
        server.Settle();
        LoopTask shutdown = server.BeginShutdown();
        server.RunFor(9.9);
        Assert.That(peer.Take().Select(answer => answer.Status), Is.EqualTo(new[] { 200 }));

        server.RunFor(1);
        Assert.That(peer.TakeOne().Status, Is.EqualTo(408));
        peer.End();
        server.Settle();
        Assert.That((peer.IsReset, shutdown.IsDone), Is.EqualTo((false, true)));
    }

    [Test]
    public void A_response_whose_request_body_is_still_on_its_way_is_not_reset()
    {
        using var server = new ServerFixture(
            app => app.On("POST", "/", _ => Response.Text("unread")),
            With(new() { BodyIdleTimeout = TimeSpan.MaxValue, BytesPerSecondMin = 0 }));
        HttpPeer peer = server.Connect();
        peer.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nsome");
        server.RunFor(1);
        LoopTask shutdown = server.BeginShutdown();
        server.RunFor(9.5);

        Assert.That(peer.TakeOne().Text, Is.EqualTo("unread"));
        peer.End();
        server.Settle();
        Assert.That((peer.IsEnded, peer.IsReset), Is.EqualTo((true, false)));
        Assert.That(shutdown.IsDone);
    }

    [Test]
    public void A_handler_that_outlived_its_time_limit_is_cancelled_again_and_gets_503()
    {
        using var server = new ServerFixture(
            app => app.Get("/", Handlers.Outlive(TimeSpan.FromHours(1))),
            With(new() { HandlerTimeout = TimeSpan.FromSeconds(1) }));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/"));
        server.RunFor(2);
        LoopTask shutdown = server.BeginShutdown();
        server.RunFor(12);

        Assert.That(peer.TakeOne().Status, Is.EqualTo(503));
        server.RunFor(60);
        Assert.That(shutdown.IsDone);
    }

    [Test]
    public void Idle_connections_serve_no_request()
    {
        using var server = new ServerFixture(AddRoutes, s_options);
        HttpPeer[] idle = [server.ConnectNow(), server.ConnectNow(), server.ConnectNow()];
        server.ConnectNow().Send(Get("/wait/5"));
        idle[0].Ask(Get("/"));
        server.BeginShutdown();
        server.RunFor(1);

        Assert.That(server.Logged(), Has.Some.EqualTo(
            "Shutting down, open connections: 1, with a request: 1"));
    }

    [Test]
    public void No_handler_is_said_to_be_cancelled_where_none_runs()
    {
        using var server = new ServerFixture(
            app => app.OnGet("/", _ => Response.Bytes(new byte[1_000_000])),
            With(new() { BytesPerSecondMin = 0 }));
        HttpPeer peer = server.Connect();
        peer.IsReading = false;
        peer.Send(Get("/"));
        server.Settle();
        server.BeginShutdown();
        server.RunFor(60);

        Assert.That(server.Logged(), Has.Some.EqualTo(
            "The number of connections that did not end within 00:00:10 is 1; 0 of them have a "
            + "handler, which is cancelled"));
    }

    [TestCaseSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
    public void A_real_long_poll_that_the_shutdown_cuts_gets_503(string driver)
    {
        using var isBegun = new ManualResetEventSlim();
        using var server = new RealServer(
            driver,
            app => app.Get("/poll", async _ =>
            {
                isBegun.Set();
                await EventLoop.Delay(TimeSpan.FromHours(1));
                return Response.Text("never");
            }),
            new HttpServerOptions { Shutdown = new() { Timeout = TimeSpan.FromMilliseconds(10) } });
        using System.Net.Sockets.Socket socket = server.Connect();
        RealServer.Send(socket, Get("/poll"));
        Assert.That(isBegun.Wait(TimeSpan.FromSeconds(30)));
        server.BeginShutdown(() => { });

        RawAnswer answer = RealServer.Receive(socket, 1).Single();
        Assert.That((answer.Status, answer.SaysClose), Is.EqualTo((503, true)));
    }

    [Test]
    public void A_thousand_busy_and_idle_connections_end_in_order()
    {
        using var server = new ServerFixture(AddRoutes, s_options);
        List<HttpPeer> busy = [];
        List<HttpPeer> idle = [];
        for (int i = 0; i < 500; i++)
        {
            busy.Add(server.Connect());
            busy[^1].Send(Get("/wait/5"));
            idle.Add(server.Connect());
        }

        server.RunFor(1);
        LoopTask shutdown = server.BeginShutdown();
        server.Settle();
        Assert.That(idle.All(peer => peer.IsEnded));
        server.RunFor(5);
        Assert.That(busy.All(peer => peer.TakeOne().SaysClose));
        busy.ForEach(peer => peer.End());
        server.Settle();
        Assert.That(shutdown.IsDone);
    }

    private static HttpServerOptions With(HttpServerTimes times) =>
        s_options with { Times = times };

    private static void AddRoutes(Application app)
    {
        app.OnGet("/", "index");
        app.Get("/wait/{s}", async request =>
        {
            await EventLoop.Delay(Seconds(request));
            return Response.Text("waited");
        });
        app.Get("/stream/{s}", async request =>
        {
            var response = new StreamResponse(contentLength: 5);
            response.Prepare(request);
            for (int i = 0; i < 5; i++)
            {
                await response.WriteAsync("x"u8.ToArray());
                await EventLoop.Delay(Seconds(request) / 5);
            }

            return response;
        });
    }

    private static TimeSpan Seconds(Request request) => TimeSpan.FromSeconds(
        int.Parse(request.MatchInfo["s"], System.Globalization.CultureInfo.InvariantCulture));
}
