using Reactor.Testing;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Requests that are turned away before their handlers: beyond the number that may run, and while
/// the loop has been late for long. On the virtual clock, at the limit and one beyond.
/// </summary>
public class OverloadTests
{
    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);
    private static readonly RouteOptions s_exempt = new() { ServesOverloaded = true };

    [Test]
    public void As_many_handlers_run_as_may_and_the_next_request_is_answered_503()
    {
        var gate = new Gate();
        using var server = new ServerFixture(
            app => AddGate(app, gate),
            new HttpServerOptions { Overload = new() { RequestsInFlightMax = 2 } });
        HttpPeer[] peers = [.. Enumerable.Range(0, 3).Select(_ => server.ConnectNow())];
        Array.ForEach(peers, peer => peer.Send(Get("/wait")));
        server.Settle();

        RawAnswer answer = peers[2].TakeOne();
        Assert.That((answer.Status, answer["Retry-After"], answer.SaysClose),
            Is.EqualTo((503, "1", false)));
        Assert.That(peers[2].Ask(Get("/health")).Status, Is.EqualTo(200), "it is exempt");
        Assert.That(peers[2].Ask(Get("/nobody")).Status, Is.EqualTo(404), "it costs no handler");

        gate.Open();
        server.Settle();
        Assert.That(peers[..2].Select(peer => peer.TakeOne().Status), Is.All.EqualTo(200));
        Assert.That(peers[2].Ask(Get("/wait")).Status, Is.EqualTo(200));
    }

    [Test]
    public void A_handler_that_fails_or_is_ended_from_outside_runs_no_longer()
    {
        using var server = new ServerFixture(app =>
        {
            AddGate(app, new Gate());
            app.OnGet("/throws", _ => throw new InvalidOperationException("on purpose"));
        });
        server.Ask(Get("/throws"));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/wait"));
        server.Settle();
        OverloadGuard guard = server.Http.Context.GuardOf(server.Loop);
        Assert.That(guard.Running, Is.EqualTo(1));

        foreach (LoopTask task in server.Loop.AllTasks().Where(task => task.Name == "connection"))
        {
            task.Cancel();
        }

        server.Settle();
        Assert.That(guard.Running, Is.Zero);
    }

    [Test]
    public void The_body_of_a_request_that_is_turned_away_is_dropped_and_the_next_is_served()
    {
        var gate = new Gate();
        using ServerFixture server = ServeFull(gate);
        HttpPeer peer = server.ConnectNow();
        peer.Send(Post("/echo", Get("/health")) + Get("/health"));
        server.Settle();
        Assert.That(
            peer.Take("POST", "GET").Select(answer => answer.Status),
            Is.EqualTo(new[] { 503, 200 }));
        gate.Open();
    }

    [Test]
    public void A_client_that_waits_for_100_is_turned_away_before_it_sends_the_body()
    {
        var gate = new Gate();
        using ServerFixture server = ServeFull(gate);
        RawAnswer answer = server.ConnectNow().Ask(
            "POST /echo HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n"
            + "Content-Length: 9\r\n\r\n");
        Assert.That((answer.Status, answer.SaysClose), Is.EqualTo((503, true)));
        gate.Open();
    }

    [Test]
    public void A_handler_whose_executor_takes_no_more_work_is_answered_503([Values] bool isDev)
    {
        using var open = new ManualResetEventSlim();
        var executor = new ThreadPoolExecutor(new() { Threads = 1, MaxPending = 1 });
        executor.Submit(open.Wait);
        executor.Submit(open.Wait);
        using var server = new ServerFixture(
            app => app.Get("/work", async _ => Response.Text(
                await EventLoop.Current.RunInExecutor(() => "done", executor))),
            Patient with { DevMode = isDev });
        RawAnswer answer = server.ConnectNow().Ask(Get("/work"));
        open.Set();
        executor.Shutdown();

        Assert.That((answer.Status, answer["Retry-After"], answer.SaysClose),
            Is.EqualTo((503, "1", false)));
        Assert.That(answer.Text.Contains("MaxPending"), Is.EqualTo(isDev));
        Assert.That(server.Logged(), Is.EqualTo(new[]
        {
            "Overloaded (Executor), requests answered 503: 1",
        }));
    }

    [Test]
    public void A_response_that_has_begun_when_an_executor_takes_no_more_work_is_cut_off()
    {
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            var response = new StreamResponse(contentLength: 2);
            response.Prepare(request);
            await response.WriteAsync("a"u8.ToArray());
            await EventLoop.Yield();
            throw new ExecutorFullException();
        }));
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/"));
        server.Settle();
        Assert.That(peer.IsReset);
        Assert.That(server.Logged(), Has.None.Contains("Overloaded"));
    }

    [Test]
    public void A_loop_that_is_late_for_two_seconds_serves_only_what_is_exempt_until_it_is_in_time()
    {
        ServerFixture? server = null;
        using var made = server = new ServerFixture(
            app =>
            {
                AddGate(app, new Gate());
                app.OnGet("/slow", _ =>
                {
                    server!.Driver.Advance(TimeSpan.FromSeconds(0.4)); // as if it computed
                    return Response.Text("done");
                });
            },
            Patient with
            {
                Overload = Patient.Overload with { RetryAfter = TimeSpan.FromSeconds(1.2) },
            });
        HttpPeer peer = server.Connect();

        // Each of them makes the measurement 300 ms late; the first that is found late begins it.
        int[] served = [.. Enumerable.Range(0, 6).Select(_ => peer.Ask(Get("/slow")).Status)];
        RawAnswer turnedAway = peer.Ask(Get("/slow"));
        Assert.That(served, Is.All.EqualTo(200));
        Assert.That(
            (turnedAway.Status, turnedAway["Retry-After"]), Is.EqualTo((503, "2")), "rounded up");
        Assert.That(peer.Ask(Get("/health")).Status, Is.EqualTo(200));
        Assert.That(
            server.Logged(), Has.One.Contains("Overloaded (Lag), requests answered 503: 1"));

        server.RunFor(0.2);
        Assert.That(peer.Ask(Get("/slow")).Status, Is.EqualTo(200));
    }

    [TestCase(0, Overload.None)]
    [TestCase(1, Overload.Lag)]
    public void The_loop_is_late_beyond_250_ms(int ticksMore, object expected)
    {
        using var world = new Measured();
        for (int i = 0; i < 9; i++)
        {
            world.Measure(TimeSpan.FromMilliseconds(250) + (ticksMore * s_tick));
        }

        Assert.That(world.Guard.Ask(), Is.EqualTo(expected));
    }

    [TestCase(-1, Overload.None)]
    [TestCase(0, Overload.Lag)]
    public void It_is_late_for_long_after_two_seconds(int ticksMore, object expected)
    {
        using var world = new Measured();
        for (int i = 0; i < 5; i++)
        {
            world.Measure(TimeSpan.FromMilliseconds(300)); // 400 ms pass; the first begins it
        }

        world.Measure(TimeSpan.FromMilliseconds(300) + (ticksMore * s_tick));
        Assert.That(world.Guard.Ask(), Is.EqualTo(expected));

        world.Measure(TimeSpan.Zero);
        Assert.That(world.Guard.Ask(), Is.EqualTo(Overload.None));
    }

    [Test]
    public void One_long_turn_is_no_overload()
    {
        using var world = new Measured();
        world.Measure(TimeSpan.FromSeconds(10));
        Assert.That(world.Guard.Ask(), Is.EqualTo(Overload.None));
    }

    [Test]
    public void A_server_without_requests_measures_nothing()
    {
        using var world = new Measured();
        world.Guard.Ask();
        Assert.That(world.Guard.Due, Is.Not.Null);
        world.RunFor(3 * OverloadGuard.Interval);
        Assert.That(world.Guard.Due, Is.Null);
    }

    [Test]
    public void Without_a_limit_nothing_is_measured()
    {
        using var world = new SimulatedLoop();
        OverloadGuard guard = Guard(world, new() { LagMax = TimeSpan.MaxValue });
        guard.Ask();
        Assert.That(guard.Due, Is.Null);
    }

    /// <summary>A server of which the only handler that may run waits at the gate.</summary>
    private static ServerFixture ServeFull(Gate gate)
    {
        var server = new ServerFixture(
            app =>
            {
                AddGate(app, gate);
                app.OnEcho();
            },
            new HttpServerOptions { Overload = new() { RequestsInFlightMax = 1 } });
        server.ConnectNow().Send(Get("/wait"));
        return server;
    }

    private static OverloadGuard Guard(SimulatedLoop world, HttpServerOverload options) =>
        new ServerContext(new HttpServerOptions { Overload = options }, null).GuardOf(world.Loop);

    private static void AddGate(Application app, Gate gate)
    {
        app.Get("/wait", async _ =>
        {
            await gate.Wait();
            return Response.Text("waited");
        });
        app.Get("/health", async _ =>
        {
            await EventLoop.Yield();
            return Response.Text("well");
        }, s_exempt);
    }

    /// <summary>Handlers wait here until it is opened.</summary>
    private sealed class Gate
    {
        private Promise<Unit>? _opened;

        public Future<Unit> Wait() => (_opened ??= new Promise<Unit>()).Shield();

        public void Open() => _opened!.TrySetResult(default);
    }

    /// <summary>A guard whose loop is as late as a test says.</summary>
    private sealed class Measured : IDisposable
    {
        private readonly SimulatedLoop _world = new();

        public Measured() => Guard = OverloadTests.Guard(_world, new());

        public OverloadGuard Guard { get; }

        public void RunFor(TimeSpan duration) => _world.RunFor(duration);

        /// <summary>Has the next measurement find the loop so late.</summary>
        public void Measure(TimeSpan late)
        {
            Guard.Ask();
            TimeSpan due = Guard.Due!.Value;
            _world.Loop.CallAt(due - s_tick, () => _world.Driver.Advance(late + s_tick));
            _world.RunFor(due - _world.Driver.Now);
        }

        public void Dispose() => _world.Dispose();
    }
}
