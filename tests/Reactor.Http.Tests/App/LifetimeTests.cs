using Reactor.Http.Tests.Server;

namespace Reactor.Http.Tests.App;

/// <summary>
/// The start and the end of an application with those mounted in it: hooks and cleanup contexts.
/// </summary>
public sealed class LifetimeTests
{
    private static readonly AppKey<string> s_key = new("key");

    private readonly List<string> _order = [];

    [SetUp]
    public void Clear() => _order.Clear();

    [Test]
    public void Contexts_go_before_the_hooks_of_the_start_and_after_those_of_the_end()
    {
        using (var server = new ServerFixture(app =>
        {
            AddAll(app, "outer");
            Application inner = app.Group("/inner");
            AddAll(inner, "inner");
            AddAll(inner.Group("/innermost"), "innermost");
            AddAll(app.Group("/other"), "other");
        }))
        {
            server.Run(() => server.Http.StartupAsync());
            string[] names = ["outer", "inner", "innermost", "other"];
            Assert.That(_order, Is.EqualTo(names.SelectMany(name => new[]
            {
                $"{name} enters 1", $"{name} enters 2", $"{name} startup",
            })));
            _order.Clear();
        }

        string[] back = ["other", "innermost", "inner", "outer"];
        Assert.That(_order, Is.EqualTo(back.Select(name => $"{name} shutdown").Concat(
            back.SelectMany(name => new[]
            {
                $"{name} cleanup", $"{name} exits 2", $"{name} exits 1",
            }))));
    }

    [Test]
    public void A_context_that_cannot_start_ends_the_start_and_those_before_it_are_exited()
    {
        using var server = new ServerFixture(app =>
        {
            AddAll(app, "outer");
            app.CleanupContexts.Add(Broken);
            AddAll(app.Group("/inner"), "inner");
        });

        Assert.That(
            () => server.Run(() => server.Http.StartupAsync()),
            Throws.InvalidOperationException.With.Message.EqualTo("no database"));
        Assert.That(_order, Is.EqualTo(new[]
        {
            "outer enters 1", "outer enters 2", "broken exits", "outer exits 2", "outer exits 1",
        }));

        async IAsyncEnumerable<Unit> Broken(Application app)
        {
            try
            {
                await EventLoop.Yield();
                Throw("no database");
                yield return default;
            }
            finally
            {
                _order.Add("broken exits");
            }
        }
    }

    [Test]
    public void So_are_all_if_a_hook_of_the_start_throws()
    {
        using var server = new ServerFixture(app =>
        {
            AddAll(app, "outer");
            app.Group("/inner").OnStartup.Add(_ => throw new TimeoutException("late"));
        });

        Assert.That(
            () => server.Run(() => server.Http.StartupAsync()),
            Throws.TypeOf<TimeoutException>().With.Message.EqualTo("late"));
        Assert.That(_order, Is.EqualTo(new[]
        {
            "outer enters 1", "outer enters 2", "outer startup", "outer exits 2", "outer exits 1",
        }));
    }

    [Test]
    public void One_that_throws_at_its_end_is_reported_and_the_others_are_exited()
    {
        var errors = new List<LoopErrorContext>();
        using (var server = new ServerFixture(
            app =>
            {
                app.CleanupContexts.Add(one => Context("1"));
                app.CleanupContexts.Add(Broken);
                app.CleanupContexts.Add(one => Context("2"));
            },
            mayReport: true))
        {
            server.Loop.ExceptionHandler = (_, error) => errors.Add(error);
            server.Run(() => server.Http.StartupAsync());
        }

        Assert.That(_order, Is.EqualTo(new[] { " enters 1", " enters 2", " exits 2", " exits 1" }));
        Assert.That(errors.Single().Exception!.Message, Is.EqualTo("on purpose"));
        Assert.That(errors.Single().Message, Does.Contain("cleanup context").And.Contain("Broken"));

        static async IAsyncEnumerable<Unit> Broken(Application app)
        {
            await EventLoop.Yield();
            yield return default;
            Throw("on purpose");
        }
    }

    [Test]
    public void One_that_does_not_yield_says_so()
    {
        using var server = new ServerFixture(app => app.CleanupContexts.Add(Empty));

        Assert.That(
            () => server.Run(() => server.Http.StartupAsync()),
            Throws.InvalidOperationException.With.Message.Contains("ended without a yield"));

        static async IAsyncEnumerable<Unit> Empty(Application app)
        {
            await EventLoop.Yield();
            yield break;
        }
    }

    [Test]
    public void One_that_yields_twice_is_reported_and_disposed_of()
    {
        var errors = new List<LoopErrorContext>();
        using (var server = new ServerFixture(
            app => app.CleanupContexts.Add(Twice), mayReport: true))
        {
            server.Loop.ExceptionHandler = (_, error) => errors.Add(error);
            server.Run(() => server.Http.StartupAsync());
        }

        Assert.That(errors.Single().Exception!.Message, Does.Contain("yielded twice"));
        Assert.That(_order, Is.EqualTo(new[] { "exits" }));

        async IAsyncEnumerable<Unit> Twice(Application app)
        {
            try
            {
                yield return default;
                await EventLoop.Yield();
                yield return default;
            }
            finally
            {
                _order.Add("exits");
            }
        }
    }

    [Test]
    public void The_others_are_exited_if_the_time_for_one_is_over()
    {
        using (var server = new ServerFixture(app =>
        {
            app.CleanupContexts.Add(one => Context("1"));
            app.CleanupContexts.Add(Endless);
        }))
        {
            server.Run(() => server.Http.StartupAsync());
            LoopTask shutdown = server.BeginShutdown();
            server.RunFor(28.9);
            Assert.That((shutdown.IsDone, _order.Contains(" exits 1")), Is.EqualTo((false, false)));
            server.RunFor(0.2); // 25 seconds, and eight tenths of 5
            Assert.That((shutdown.IsDone, _order.Contains(" exits 1")), Is.EqualTo((true, true)));
            server.RunFor(3600); // an await in an iterator cannot be interrupted
        }

        static async IAsyncEnumerable<Unit> Endless(Application app)
        {
            yield return default;
            await EventLoop.Delay(TimeSpan.FromHours(1));
        }
    }

    [Test]
    public void One_whose_start_is_cancelled_is_exited_when_it_has_started()
    {
        using var server = new ServerFixture(app =>
        {
            app.CleanupContexts.Add(one => Context("1"));
            app.CleanupContexts.Add(Slow);
        });
        LoopTask start = server.Loop.CreateTask(server.Http.StartupAsync());
        server.RunFor(1);
        start.Cancel();
        server.RunFor(1);
        Assert.That(start.IsCancelled);
        Assert.That(_order, Is.EqualTo(new[] { " enters 1", " exits 1" }));
        server.RunFor(10);
        Assert.That(_order[^1], Is.EqualTo("slow exits"));

        async IAsyncEnumerable<Unit> Slow(Application app)
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(10));
            yield return default;
            _order.Add("slow exits");
        }
    }

    [TestCase(true, 29.9, 29.9)]
    [TestCase(true, 3600, 30)]
    [TestCase(false, 29.9, 29.9)]
    [TestCase(false, 3600, 30)]
    public void A_stop_leaves_the_exits_of_a_start_that_ends_the_time_of_the_shutdown(
        bool hasFailed, double exitsAt, double endsAt)
    {
        using var server = new ServerFixture(app =>
        {
            app.CleanupContexts.Add(_ => Context("1"));
            app.CleanupContexts.Add(Slow);
            app.OnStartup.Add(async _ =>
            {
                await EventLoop.Delay(TimeSpan.FromDays(hasFailed ? 0 : 1));
                throw new TimeoutException("late");
            });
        });
        LoopTask start = server.Loop.CreateTask(server.Http.StartupAsync());
        server.RunFor(1);
        start.Cancel(); // 25 seconds, and eight tenths of 5, from here on
        server.RunTo(TimeSpan.FromSeconds(endsAt - 0.05));
        Assert.That((start.IsDone, _order.Contains(" exits 1")), Is.EqualTo((false, false)));
        server.RunFor(0.1);
        Assert.That(start.IsDone);
        Assert.That(start.IsCancelled, Is.Not.EqualTo(hasFailed));
        Assert.That(start.IsCancelled ? "late" : start.Exception!.Message, Is.EqualTo("late"));
        Assert.That(_order, Is.EqualTo(exitsAt == endsAt
            ? new[] { " enters 1", "slow exits", " exits 1" }
            : [" enters 1", " exits 1"]));
        server.RunFor(3600); // an await in an iterator cannot be interrupted

        async IAsyncEnumerable<Unit> Slow(Application app)
        {
            yield return default;
            await EventLoop.Delay(TimeSpan.FromSeconds(exitsAt) - EventLoop.Current.Time);
            _order.Add("slow exits");
        }
    }

    [Test]
    public void One_that_starts_in_the_turn_of_the_cancellation_is_exited()
    {
        using var server = new ServerFixture(app => app.CleanupContexts.Add(Quick));
        server.Run(async () =>
        {
            LoopTask start = EventLoop.Spawn(server.Http.StartupAsync());
            await EventLoop.Yield();
            for (int turns = 0; !_order.Contains("enters"); turns++)
            {
                Assert.That(turns, Is.LessThan(100));
                await EventLoop.Yield();
            }

            start.Cancel();
            await EventLoop.Wait([start]);
            Assert.That(start.IsCancelled);
        });

        Assert.That(_order, Is.EqualTo(new[] { "enters", "exits" }));

        async IAsyncEnumerable<Unit> Quick(Application app)
        {
            await EventLoop.Yield();
            _order.Add("enters");
            yield return default;
            _order.Add("exits");
        }
    }

    [Test]
    public void The_hooks_of_the_end_run_once_if_a_program_shuts_down_twice()
    {
        var server = new ServerFixture(app => AddAll(app, "it"));
        using (server)
        {
            server.Run(() => server.Http.StartupAsync());
            server.Run(() => server.Http.ShutdownAsync(server.Server));
        }

        Assert.That(_order, Is.Unique);
    }

    [Test]
    public void A_value_can_be_set_until_the_start_has_ended_and_again_at_the_end()
    {
        Application application = null!;
        using (var server = new ServerFixture(app =>
        {
            application = app.Group("/inner");
            app.OnStartup.Add(async _ => application.State.Set(s_key, "started"));
            app.OnCleanup.Add(async _ => application.State.Set(s_key, "ended"));
        }))
        {
            application.State.Set(s_key, "before");
            server.Run(() => server.Http.StartupAsync());
            Assert.That(application.State.Get(s_key), Is.EqualTo("started"));
            Assert.That(
                () => application.State.Set(s_key, "late"),
                Throws.InvalidOperationException.With.Message.StartsWith("Too late to set 'key'"));
        }

        Assert.That(application.State.Get(s_key), Is.EqualTo("ended"));
    }

    private void AddAll(Application app, string name)
    {
        app.CleanupContexts.Add(_ => Context("1", name));
        app.CleanupContexts.Add(_ => Context("2", name));
        app.OnStartup.Add(one => Note(one, "startup"));
        app.OnShutdown.Add(one => Note(one, "shutdown"));
        app.OnCleanup.Add(one => Note(one, "cleanup"));

        async Coroutine Note(Application one, string what)
        {
            Assert.That(one, Is.SameAs(app));
            await EventLoop.Yield();
            _order.Add($"{name} {what}");
        }
    }

    private async IAsyncEnumerable<Unit> Context(string number, string name = "")
    {
        await EventLoop.Yield();
        _order.Add($"{name} enters {number}");
        yield return default;
        await EventLoop.Yield();
        _order.Add($"{name} exits {number}");
    }

    private static void Throw(string message) => throw new InvalidOperationException(message);
}
