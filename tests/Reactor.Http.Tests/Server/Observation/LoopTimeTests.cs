using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Reactor.Net;
using Reactor.Recording;
using Reactor.Simulation;
using Reactor.Testing;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// The loop time, longest step and wait of each request. A handler holds the loop by advancing the
/// virtual clock, so every time is exact.
/// </summary>
public class LoopTimeTests
{
    private readonly List<AccessRecord> _records = [];
    private ServerFixture? _server;

    [SetUp]
    public void Clear() => _records.Clear();

    [Test]
    public void The_steps_of_a_request_and_its_waits_are_told_apart()
    {
        using ServerFixture server = Serve(app => app.Get("/work", async _ =>
        {
            Hold(20);
            await EventLoop.Delay(TimeSpan.FromMilliseconds(100));
            Hold(10);
            return Response.Text("done");
        }));
        server.Connect().Send(Get("/work"));
        server.RunFor(1);

        AccessRecord one = _records.Single();
        Assert.That(Times(one), Is.EqualTo((30, 20, 100)));
        Assert.That(one.Duration, Is.EqualTo(one.LoopTime + one.Wait));
        Assert.That(one.Route, Is.EqualTo("/work"));
    }

    [Test]
    public void Tasks_that_the_handler_creates_are_charged_to_its_request_and_others_are_not()
    {
        using ServerFixture server = Serve(app =>
        {
            app.Get("/group", async _ =>
            {
                await TaskGroup.Run(async group =>
                {
                    group.Spawn(Work(5));
                    group.Spawn(Nested(7));
                });
                return Response.Text("done");
            });
            app.OnGet("/other", _ => Held(40));
        });
        server.Connect().Send(Get("/group"));
        server.Connect().Send(Get("/other"));
        server.RunFor(1);
        Assert.That(
            _records.Select(one => (one.Path, (int)one.LoopTime.TotalMilliseconds)),
            Is.EquivalentTo(new[] { ("/group", 12), ("/other", 40) }));
        Assert.That(_records.Select(one => one.LongestStep.TotalMilliseconds), Is.EquivalentTo(
            new[] { 7.0, 40 }));

        async Coroutine Nested(int milliseconds) =>
            await EventLoop.Current.CreateTask(Work(milliseconds));
    }

    [Test]
    public void Pipelined_requests_of_one_step_are_charged_apart()
    {
        using ServerFixture server = Serve(app =>
        {
            foreach (int milliseconds in (int[])[3, 0, 11])
            {
                app.OnGet($"/{milliseconds}", _ => Held(milliseconds));
            }
        });
        server.Connect().Send(Get("/3") + Get("/0") + Get("/11") + Get("/none"));
        server.RunFor(1);
        Assert.That(
            _records.Select(one => one.LoopTime.TotalMilliseconds),
            Is.EqualTo(new double[] { 3, 0, 11, 0 }));
    }

    [Test]
    public void A_task_that_outlives_its_request_is_charged_to_the_route_only()
    {
        LoopThieves? thieves = null;
        using ServerFixture server = Serve(app =>
        {
            thieves = app.Thieves;
            app.OnGet("/spawns", _ =>
            {
                EventLoop.Current.CreateTask(Late());
                return Held(2);
            });
            app.OnGet("/none", _ => Response.Text(""));
        });
        HttpPeer peer = server.Connect();
        peer.Ask(Get("/spawns"));
        peer.Ask(Get("/none"));
        server.RunFor(2);
        Assert.That(_records.Select(one => one.LoopTime.TotalMilliseconds),
            Is.EqualTo(new double[] { 2, 0 }));
        RouteLoopTime worst = thieves!.Top(1).Single();
        Assert.That((worst.Route, worst.LoopTime.TotalMilliseconds), Is.EqualTo(("/spawns", 52)));

        async Coroutine Late()
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            Hold(50);
        }
    }

    [Test]
    public void A_plain_async_handler_and_middleware_are_charged_after_their_waits_too()
    {
        using ServerFixture server = Serve(app =>
        {
            app.Use(Plain);
            app.Get("/plain", PlainHandler);
            app.OnGet("/other", _ => Held(40));
        });
        server.Connect().Send(Get("/plain"));
        server.Connect().Send(Get("/other"));
        server.RunFor(1);
        Assert.That(
            _records.Select(one => (one.Path, one.LoopTime.TotalMilliseconds)),
            Is.EquivalentTo(new[] { ("/plain", 2 + 1 + 2 + 5.0), ("/other", 2 + 40.0) }));

        async Task<Response> PlainHandler(Request request)
        {
            Hold(1);
            await Task.Yield();
            Hold(2);
            return Response.Text("");
        }

        async Task<Response> Plain(Request request, Handler next)
        {
            await Task.Yield();
            Hold(2);
            Response response = await next(request);
            Hold(request.Path == "/plain" ? 5 : 0);
            return response;
        }
    }

    [Test]
    public void In_development_a_response_tells_its_times_until_its_head()
    {
        using ServerFixture server = Serve(AddTimed, options => options with { DevMode = true });
        HttpPeer peer = server.Connect();
        peer.Send(Get("/buffered") + Get("/streamed") + Get("/none"));
        server.RunFor(1);

        List<RawAnswer> answers = peer.Take();
        Assert.That(answers.Select(answer => answer["Server-Timing"]), Is.EqualTo(new[]
        {
            "loop;dur=5.5, wait;dur=100, longest;dur=3",
            "loop;dur=4, wait;dur=0, longest;dur=4",
            "loop;dur=0, wait;dur=0, longest;dur=0",
        }));
    }

    [TestCase(false, null)]
    [TestCase(true, false)]
    public void Outside_of_development_or_if_nothing_is_measured_it_does_not(
        bool isDev, bool? measures)
    {
        using ServerFixture server = Serve(AddTimed, options => options with
        {
            DevMode = isDev,
            Log = options.Log with { MeasuresLoopTime = measures },
        });
        HttpPeer peer = server.Connect();
        peer.Send(Get("/streamed"));
        server.RunFor(1);

        Assert.That(peer.Take().Single()["Server-Timing"], Is.Null);
        Assert.That(
            _records.Single().LoopTime.TotalMilliseconds, Is.EqualTo(measures == false ? 0 : 5));
    }

    [Test]
    public void A_malformed_and_an_abandoned_request_have_times_too()
    {
        using ServerFixture server = Serve(app => app.Get("/wait", async _ =>
        {
            Hold(4);
            await EventLoop.Delay(TimeSpan.FromHours(1));
            return Response.Text("");
        }));
        server.Connect().Send("BAD\r\n\r\n");
        HttpPeer peer = server.Connect();
        peer.Send(Get("/wait"));
        server.RunFor(1);
        peer.Reset();
        server.Loop.RunUntilComplete(server.BeginShutdown());

        Assert.That(
            _records.Select(one => (one.Route, one.LoopTime.TotalMilliseconds)),
            Is.EqualTo(new (string?, double)[] { (null, 0), ("/wait", 4) }));
    }

    [Test]
    public void The_log_line_has_the_times_and_the_route()
    {
        using ServerFixture server = Serve(
            app => app.OnGet("/hello/{name}", _ => Held(3)),
            options => options with { Log = options.Log with { LogsAccess = true } });
        server.Ask(Get("/hello/x"));

        Assert.That(server.Logged(), Has.Some.Contains(
            "GET /hello/x 200 4 bytes, 3 ms, 3 ms on the loop, at most 3 ms at once, Complete, "
            + "/hello/{name},"));
    }

    [Test]
    public void A_recording_with_measured_requests_is_replayed_in_each_byte_and_time()
    {
        string path = Path.Combine(
            TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.reactor");
        try
        {
            var driver = new InMemoryDriver(new InMemoryOptions { Seed = TestSeed.Next() });
            List<AccessRecord> recorded = RunProgram(
                new LoopRecording(driver, new LoopRecordingOptions { Path = path }),
                milliseconds => driver.Advance(TimeSpan.FromMilliseconds(milliseconds)));
            List<AccessRecord> replayed = [];
            using LoopReplay replay = LoopReplay.Open(path);
            replay.Run(inner => replayed = RunProgram(inner, _ => { }));

            Assert.That(recorded.Select(Times), Is.EqualTo(new (double, double, double)[]
            {
                (7, 4, 50), (0, 0, 0),
            }));
            Assert.That(replayed.Select(Times), Is.EqualTo(recorded.Select(Times)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>
    /// Law 0: what only a listener wants reads no clock of the loop, and changes no turn or poll.
    /// </summary>
    [Test]
    [NonParallelizable]
    public void A_listener_changes_no_turn_no_poll_and_no_reading_of_the_clock()
    {
        IReadOnlyList<string> without = Run();
        using var loopTime = new MetricCollector<double>(
            null, HttpMetrics.MeterName, "reactor.http.server.request.loop_time");
        using var duration = new MetricCollector<double>(
            null, HttpMetrics.MeterName, "http.server.request.duration");
        IReadOnlyList<string> with = Run();

        Assert.That(with, Is.EqualTo(without));
        Assert.That(
            loopTime.GetMeasurementSnapshot().Select(one => one.Value),
            Is.EqualTo(new[] { 0.007, 0 }).Within(1e-9));
        Assert.That(
            duration.GetMeasurementSnapshot().Select(one => one.Value),
            Is.EqualTo(new[] { 0.057, 0 }).Within(1e-9));

        static IReadOnlyList<string> Run()
        {
            var driver = new InMemoryDriver(new InMemoryOptions { Seed = 1 });
            var counting = new CountingDriver(driver);
            RunProgram(
                counting, milliseconds => driver.Advance(TimeSpan.FromMilliseconds(milliseconds)),
                new HttpServerOptions());
            return counting.Notes;
        }
    }

    /// <summary>
    /// Law 0 where the program has one server of the loop measured and a listener the other, which
    /// began first: also two requests of one step of it read nothing more.
    /// </summary>
    [Test]
    [NonParallelizable]
    public void A_listener_changes_no_reading_beside_a_server_that_the_program_measures()
    {
        IReadOnlyList<string> without = Run();
        using var loopTime = new MetricCollector<double>(
            null, HttpMetrics.MeterName, "reactor.http.server.request.loop_time");
        Assert.That(Run(), Is.EqualTo(without));
        Assert.That(
            loopTime.GetMeasurementSnapshot().Select(one => one.Value),
            Is.EqualTo(Enumerable.Repeat(0.004, 6)).Within(1e-9));

        static IReadOnlyList<string> Run()
        {
            var driver = new InMemoryDriver(new InMemoryOptions { Seed = 1 });
            var counting = new CountingDriver(driver);
            RunPair(counting, () => driver.Advance(TimeSpan.FromMilliseconds(4)));
            return counting.Notes;
        }
    }

    [Test]
    public void What_a_foreign_loop_waits_between_two_turns_is_charged_to_no_request()
    {
        using ServerFixture server = Serve(
            app => app.Get("/work", async _ =>
            {
                await Work(3);
                return Response.Text("done");
            }),
            _ => Patient with { Log = new() { AccessLog = _records.Add } });
        server.Connect().Send(Get("/work"));
        server.Loop.BeginRun();
        for (int turns = 0; turns < 20 && _records.Count == 0; turns++)
        {
            Hold(1000);
            server.Loop.RunOnce();
        }

        server.Loop.EndRun();
        Assert.That(_records.Single().LoopTime.TotalMilliseconds, Is.EqualTo(3));
    }

    /// <summary>Two servers, only one of which has an access log, asked by turns.</summary>
    private static void RunPair(Drivers.LoopDriver driver, Action hold)
    {
        using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
        HttpServer[] servers = [.. new HttpServerLog[] { new(), new() { AccessLog = _ => { } } }
            .Select(log =>
            {
                var application = new Application();
                application.OnGet("/", _ =>
                {
                    hold();
                    return Response.Text("");
                });
                return application.MakeHandler(new HttpServerOptions { Log = log });
            })];
        loop.RunUntilComplete(Main());

        async Coroutine Main()
        {
            LoopServer[] bound =
                [.. servers.Select(one => loop.CreateServer(one, [SimulatedLoop.AnyPort]))];
            foreach ((int index, int requests) in ((int, int)[])[(0, 1), (1, 2), (0, 3)])
            {
                Connection stream = await Connection.OpenAsync(bound[index].EndPoints[0]);
                await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(
                    string.Concat(Enumerable.Repeat(Get("/"), requests))));
                for (int left = requests; left > 0; left--)
                {
                    await stream.ReadUntilAsync("\r\n\r\n"u8.ToArray());
                }

                stream.Close(CloseReason.Local);
            }

            await servers[0].ShutdownAsync(bound[0]);
            await servers[1].ShutdownAsync(bound[1]);
        }
    }

    private static (double Loop, double Longest, double Wait) Times(AccessRecord one) => (
        one.LoopTime.TotalMilliseconds, one.LongestStep.TotalMilliseconds,
        one.Wait.TotalMilliseconds);

    /// <summary>A server, by default in development, and a client on one loop.</summary>
    private static List<AccessRecord> RunProgram(
        Drivers.LoopDriver driver, Action<int> hold, HttpServerOptions? options = null)
    {
        List<AccessRecord> records = [];
        var application = new Application();
        application.Get("/work", async _ =>
        {
            hold(4);
            await EventLoop.Delay(TimeSpan.FromMilliseconds(50));
            hold(3);
            return Response.Text("done");
        });
        using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
        HttpServer http = application.MakeHandler(options ?? new HttpServerOptions
        {
            DevMode = true,
            Log = new() { AccessLog = records.Add },
        });
        loop.RunUntilComplete(Main());
        return records;

        async Coroutine Main()
        {
            var server = loop.CreateServer(http, [SimulatedLoop.AnyPort]);
            var stream = await Connection.OpenAsync(server.EndPoints[0]);
            foreach (string path in (string[])["/work", "/none"])
            {
                await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(Get(path)));
                await stream.ReadUntilAsync("\r\n\r\n"u8.ToArray());
            }

            stream.Close(CloseReason.Local);
            await http.ShutdownAsync(server);
        }
    }

    private void AddTimed(Application app)
    {
        app.Get("/buffered", async _ =>
        {
            Hold(3);
            await EventLoop.Delay(TimeSpan.FromMilliseconds(100));
            Hold(2.5);
            return Response.Text("done");
        });
        app.Get("/streamed", async request =>
        {
            Hold(4);
            var response = new StreamResponse();
            response.Prepare(request);
            Hold(1);
            await response.WriteAsync("piece"u8.ToArray());
            return response;
        });
    }

    private ServerFixture Serve(
        Action<Application> routes, Func<HttpServerOptions, HttpServerOptions>? change = null)
    {
        var options = new HttpServerOptions { Log = new() { AccessLog = _records.Add } };
        return _server = new ServerFixture(routes, change?.Invoke(options) ?? options);
    }

    private Response Held(double milliseconds)
    {
        Hold(milliseconds);
        return Response.Text("held");
    }

    private async Coroutine Work(double milliseconds)
    {
        await EventLoop.Yield();
        Hold(milliseconds);
    }

    private void Hold(double milliseconds) =>
        _server!.Driver.Advance(TimeSpan.FromMilliseconds(milliseconds));
}
