using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.App;

/// <summary>
/// Work beside the requests: when it begins and ends, and what follows a crash. Every moment is one
/// of the virtual clock.
/// </summary>
public sealed class BackgroundTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly List<string> _order = [];

    [SetUp]
    public void Clear() => _order.Clear();

    [Test]
    public void It_runs_between_the_hooks_of_the_start_and_those_of_the_end()
    {
        using (var server = new ServerFixture(app =>
        {
            app.Spawn("outer", Work);
            app.Group("/inner").Spawn("inner", Work);
            app.OnStartup.Add(async one =>
            {
                one.Spawn("from the start", Work);
                await EventLoop.Yield();
                _order.Add("startup");
            });
            app.OnCleanup.Add(async _ => _order.Add("cleanup"));
        }))
        {
            server.Run(() => server.Http.StartupAsync());
            server.Settle();
            Assert.That(
                server.Loop.AllTasks().Select(task => task.Name),
                Is.SupersetOf(new[] { "outer", "inner", "from the start" }));
        }

        Assert.That(_order, Is.EqualTo(new[]
        {
            "startup", "outer /", "inner /inner", "from the start /",
            "end", "end", "end", "cleanup",
        }));

        async Coroutine Work(Application app)
        {
            _order.Add($"{LoopTask.Current!.Name} {(app.Prefix is "" ? "/" : app.Prefix)}");
            try
            {
                await EventLoop.Delay(TimeSpan.FromDays(1));
            }
            finally
            {
                await EventLoop.Delay(s_second);
                _order.Add("end");
            }
        }
    }

    [Test]
    public void A_handler_can_begin_it()
    {
        using var server = new ServerFixture(app => app.Get("/", request =>
        {
            request.GetApplication().Spawn("from a handler", async _ =>
            {
                await EventLoop.Delay(s_second);
                _order.Add("done");
            });
            return Response.Text("begun");
        }));
        server.Run(() => server.Http.StartupAsync());

        Assert.That(server.Ask(Get("/")).Text, Is.EqualTo("begun"));
        Assert.That(_order, Is.Empty);
        server.RunFor(1.1);
        Assert.That(_order, Is.EqualTo(new[] { "done" }));
    }

    [Test]
    public void A_request_in_progress_still_has_it()
    {
        using (var server = new ServerFixture(app =>
        {
            app.Spawn("work", async _ =>
            {
                try
                {
                    await EventLoop.Delay(TimeSpan.FromDays(1));
                }
                finally
                {
                    _order.Add("work ends");
                }
            });
            app.Get("/", async _ =>
            {
                await EventLoop.Delay(s_second);
                _order.Add("handler ends");
                return Response.Text("x");
            });
        }))
        {
            server.Run(() => server.Http.StartupAsync());
            HttpPeer peer = server.ConnectNow();
            peer.Send(Get("/"));
            server.Settle();
            server.BeginShutdown();
            server.RunFor(2);
            peer.End();
        }

        Assert.That(_order, Is.EqualTo(new[] { "handler ends", "work ends" }));
    }

    [Test]
    public void A_crash_is_reported_with_its_name_and_not_repeated()
    {
        List<LoopErrorContext> errors = Serve(CrashPolicy.Report, seconds: 1000);

        Assert.That(errors.Single().Message, Is.EqualTo("The background task 'work' threw."));
        Assert.That(errors.Single().Exception!.Message, Is.EqualTo("crash 1"));
    }

    // Pauses of 1, 2, 4, 5, 5 seconds: the runs begin at 0, 1, 3, 7, 12, 17.
    [TestCase(0.9, 1)]
    [TestCase(1.1, 2)]
    [TestCase(2.9, 2)]
    [TestCase(3.1, 3)]
    [TestCase(6.9, 3)]
    [TestCase(7.1, 4)]
    [TestCase(11.9, 4)]
    [TestCase(12.1, 5)]
    [TestCase(16.9, 5)]
    [TestCase(17.1, 6)]
    public void It_is_restarted_after_pauses_that_double_up_to_the_longest(
        double seconds, int runs)
    {
        List<LoopErrorContext> errors = Serve(
            CrashPolicy.Restart(s_second, 5 * s_second), seconds);

        Assert.That(errors, Has.Count.EqualTo(runs));
    }

    // Each run takes 6 seconds, longer than the longest pause: 0–6, 7–13, 14–20.
    [TestCase(13.9, 2)]
    [TestCase(14.1, 3)]
    public void After_a_long_run_the_pause_is_the_first_again(double seconds, int runs)
    {
        int begun = 0;
        Serve(CrashPolicy.Restart(s_second, 5 * s_second), seconds, async () =>
        {
            begun++;
            await EventLoop.Delay(6 * s_second);
        });

        Assert.That(begun, Is.EqualTo(runs));
    }

    [Test]
    public void Work_that_returns_is_not_restarted()
    {
        int begun = 0;
        using var server = new ServerFixture(app => app.Spawn(
            "work",
            async _ => begun++,
            CrashPolicy.Restart()));
        server.Run(() => server.Http.StartupAsync());
        server.RunFor(100);

        Assert.That(begun, Is.EqualTo(1));
    }

    [Test]
    public void A_crash_can_shut_the_server_down_with_its_error()
    {
        using var server = new ServerFixture(app =>
        {
            app.Spawn("work", Crash, CrashPolicy.ShutDown);
            app.OnCleanup.Add(async _ => _order.Add("cleanup"));
        });
        LoopTask serving = server.Loop.CreateTask(
            server.Http.ServeUntilSignalAsync(server.Server));
        server.RunFor(1.5);
        Assert.That(serving.IsDone, Is.False);
        server.RunFor(1);

        Assert.That(serving.IsDone);
        Assert.That(serving.Exception, Is.TypeOf<TimeoutException>());
        Assert.That(_order, Is.EqualTo(new[] { "cleanup" }));

        static async Coroutine Crash(Application app)
        {
            await EventLoop.Delay(2 * s_second);
            throw new TimeoutException();
        }
    }

    [Test]
    public void Where_nothing_waits_for_it_that_crash_is_reported()
    {
        Assert.That(Serve(CrashPolicy.ShutDown, seconds: 1), Has.Count.EqualTo(1));
    }

    [Test]
    public void Work_that_does_not_end_is_reported_and_left_behind()
    {
        var errors = new List<LoopErrorContext>();
        using var server = new ServerFixture(
            app =>
            {
                app.Spawn("stubborn", Stay);
                app.OnCleanup.Add(async _ => _order.Add("cleanup"));
            },
            mayReport: true);
        server.Loop.ExceptionHandler = (_, error) => errors.Add(error);
        server.Run(() => server.Http.StartupAsync());
        server.Settle();
        LoopTask shutdown = server.BeginShutdown();
        server.RunFor(3.4);
        Assert.That(_order, Is.Empty);
        server.RunFor(0.2); // seven tenths of 5 seconds

        Assert.That(_order, Is.EqualTo(new[] { "cleanup" }));
        Assert.That(shutdown.IsDone);
        Assert.That(errors.Single().Message, Does.Contain("'stubborn' has not ended"));
        server.RunFor(10);
    }

    [Test]
    public void At_the_end_it_is_too_late()
    {
        Exception? thrown = null;
        using (var server = new ServerFixture(app => app.Spawn("first", async one =>
        {
            try
            {
                await EventLoop.Delay(TimeSpan.FromDays(1));
            }
            finally
            {
                try
                {
                    one.Spawn("second", async _ => { });
                }
                catch (InvalidOperationException error)
                {
                    thrown = error;
                }
            }
        })))
        {
            server.Run(() => server.Http.StartupAsync());
            server.Settle();
        }

        Assert.That(thrown?.Message, Does.Contain("Too late").And.Contain("'second'"));
    }

    [Test]
    public void After_the_end_it_is_too_late()
    {
        var app = new Application();
        using (var server = new ServerFixture(outer => outer.Mount("/inner", app)))
        {
            server.Run(() => server.Http.StartupAsync());
        }

        Assert.That(
            () => app.Spawn("late", async _ => { }),
            Throws.InvalidOperationException.With.Message.Contains("'late': the server has ended"));
    }

    [Test]
    public void On_another_thread_it_is_refused_while_the_application_is_served()
    {
        var app = new Application();
        using var server = new ServerFixture(outer => outer.Mount("/inner", app));
        server.Run(() => server.Http.StartupAsync());
        Exception? thrown = null;
        var thread = new Thread(() =>
            thrown = Assert.Catch(() => app.Spawn("far", async _ => { })));
        thread.Start();
        thread.Join();

        Assert.That(thrown, Is.TypeOf<InvalidOperationException>());
        Assert.That(thrown!.Message, Does.Contain("'far'").And.Contain("CallSoonThreadSafe"));
    }

    [Test]
    public void A_failed_start_begins_none()
    {
        using var server = new ServerFixture(app =>
        {
            app.Spawn("work", async _ => _order.Add("work"));
            app.OnStartup.Add(_ => throw new TimeoutException());
        });

        Assert.That(
            () => server.Run(() => server.Http.StartupAsync()), Throws.TypeOf<TimeoutException>());
        server.RunFor(1);
        Assert.That(_order, Is.Empty);
    }

    [Test]
    public void Pauses_are_checked()
    {
        Assert.That(
            () => CrashPolicy.Restart(TimeSpan.Zero),
            Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => CrashPolicy.Restart(2 * s_second, s_second),
            Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => CrashPolicy.Restart(s_second, s_second), Throws.Nothing);
        Assert.That(() => CrashPolicy.Restart(pauseMax: s_second / 2), Throws.Nothing);
        Assert.That(() => CrashPolicy.Restart(pauseMax: TimeSpan.MaxValue), Throws.Nothing);
    }

    private static async Coroutine Stay(Application app)
    {
        try
        {
            await EventLoop.Delay(TimeSpan.FromDays(1));
        }
        catch (LoopCanceledException)
        {
            await EventLoop.Delay(10 * s_second);
        }
    }

    /// <summary>Serves with work that crashes each time, and returns what was reported.</summary>
    private static List<LoopErrorContext> Serve(
        CrashPolicy policy, double seconds, Func<Coroutine>? run = null)
    {
        int runs = 0;
        var errors = new List<LoopErrorContext>();
        using var server = new ServerFixture(
            app => app.Spawn(
                "work",
                async _ =>
                {
                    if (run is not null)
                    {
                        await run();
                    }

                    throw new InvalidOperationException($"crash {++runs}");
                },
                policy),
            mayReport: true);
        server.Loop.ExceptionHandler = (_, error) => errors.Add(error);
        server.Run(() => server.Http.StartupAsync());
        server.RunFor(seconds);
        return errors;
    }
}
