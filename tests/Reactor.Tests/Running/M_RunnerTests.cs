using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements M01, M02, M05, M06 and J05: what a runner runs, how often, on which loop and in which
/// context.
/// </summary>
public sealed class M_RunnerTests : LoopFixture
{
    [Test]
    public void M01_run_returns_the_result_of_main_and_closes_its_loop()
    {
        var own = new ManualDriver();
        int result = EventLoop.Run(
            async () => await Later(S(1), 5), new EventLoopOptions { Driver = own });

        Assert.That(result, Is.EqualTo(5));
        Assert.That(own.IsDisposed, Is.True);
    }

    [Test]
    public void M01_run_throws_what_main_threw_and_closes_its_loop()
    {
        var own = new ManualDriver();
        Assert.Throws<FormatException>(() => EventLoop.Run(
            async () =>
            {
                await EventLoop.Yield();
                throw new FormatException();
            },
            new EventLoopOptions { Driver = own }));

        Assert.That(own.IsDisposed, Is.True);
    }

    [Test]
    public void M01_a_main_that_throws_before_it_is_a_coroutine_leaves_nothing_open()
    {
        var own = new ManualDriver();
        Assert.Throws<FormatException>(() => EventLoop.Run(
            Coroutine () => throw new FormatException(),
            new EventLoopOptions { Driver = own }));

        Assert.That(own.IsDisposed, Is.True);
    }

    [Test]
    public void M02_inside_a_running_loop_it_throws_at_once()
    {
        using var runner = new LoopRunner(null, _ => NewLoop());
        Run(async () =>
        {
            await EventLoop.Yield();
            Assert.That(() => EventLoop.Run(Main), Throws.InvalidOperationException
                .With.Message.Contains("running event loop"));
            Assert.That(() => runner.Run(Main), Throws.InvalidOperationException);
            Assert.That(runner.Dispose, Throws.InvalidOperationException);
        });
        Assert.That(Story, Is.Empty, "main was not called");

        runner.Run(Main);
        Assert.That(Story, Is.EqualTo("main"), "and the runner is as it was");

        async Coroutine Main()
        {
            await EventLoop.Yield();
            Tell("main");
        }
    }

    [Test]
    public void M05_several_runs_share_one_loop_and_its_tasks()
    {
        using var runner = new LoopRunner(null, _ => NewLoop());
        LoopTask<int> beside = runner.Run(async () =>
        {
            await EventLoop.Yield();
            return EventLoop.Spawn(Slow());
        });
        Assert.That(beside.IsDone, Is.False);

        int result = runner.Run(async () => await beside);

        Assert.That(result, Is.EqualTo(7));
        Assert.That(beside.Scheduler, Is.SameAs(runner.Loop));

        static async Coroutine<int> Slow() => await Later(S(1), 7);
    }

    [Test]
    public void M05_after_a_failed_run_the_next_one_works()
    {
        using var runner = new LoopRunner(null, _ => NewLoop());
        Assert.Throws<FormatException>(() => runner.Run(Fail));

        Assert.That(runner.Run(async () => await Later(S(1), 5)), Is.EqualTo(5));

        static async Coroutine Fail()
        {
            await EventLoop.Yield();
            throw new FormatException();
        }
    }

    [Test]
    public void M05_use_after_close_throws_and_closing_twice_is_fine()
    {
        var runner = new LoopRunner(null, _ => NewLoop());
        EventLoop loop = runner.Loop;
        runner.Dispose();
        runner.Dispose();

        Assert.That(loop.IsClosed, Is.True);
        Assert.That(() => runner.Run(Nothing), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => runner.Loop, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(Story, Is.Empty);

        async Coroutine Nothing()
        {
            Tell("main");
            await EventLoop.Yield();
        }
    }

    [Test]
    public void M05_one_that_was_never_used_makes_no_loop()
    {
        using (new LoopRunner(null, _ => throw new FormatException()))
        {
        }
    }

    [Test]
    public void M05_a_loop_that_somebody_closed_is_no_trouble_at_the_end()
    {
        using var runner = new LoopRunner(null, _ => NewLoop());
        runner.Loop.Close();
    }

    [Test]
    public void M06_the_factory_makes_the_loop_from_the_options_once()
    {
        int made = 0;
        EventLoopOptions? seen = null;
        var options = new EventLoopOptions { Name = "mine" };
        using var runner = new LoopRunner(options, given =>
        {
            made++;
            seen = given;
            return NewLoop();
        });
        Assert.That(made, Is.Zero);

        EventLoop loop = runner.Loop;
        EventLoop current = runner.Run(async () =>
        {
            await EventLoop.Yield();
            return EventLoop.Current;
        });

        Assert.That(current, Is.SameAs(loop));
        Assert.That(seen, Is.SameAs(options));
        Assert.That(made, Is.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void M06_the_debug_flag_is_honoured(bool isDebug)
    {
        var options = new EventLoopOptions { Debug = isDebug, Driver = new ManualDriver() };
        using var runner = new LoopRunner(options);

        Assert.That(runner.Loop.Debug, Is.EqualTo(isDebug));
    }

    [Test]
    public void J05_one_context_lasts_over_several_runs()
    {
        var value = new AsyncLocal<string> { Value = "before" };
        using var runner = new LoopRunner(null, _ => NewLoop());
        Assert.That(runner.Run(() => Exchange("first")), Is.EqualTo("before"));
        Assert.That(runner.Run(() => Exchange("second")), Is.EqualTo("first"));
        Assert.That(value.Value, Is.EqualTo("before"), "nothing leaks out of the runs");

        value.Value = "after";
        Assert.That(runner.Run(() => Exchange("third")), Is.EqualTo("second"));

        async Coroutine<string?> Exchange(string next)
        {
            await EventLoop.Yield();
            string? last = value.Value;
            value.Value = next;
            return last;
        }
    }

    [Test]
    public void J05_a_context_that_is_given_is_taken_instead()
    {
        var value = new AsyncLocal<string> { Value = "runner" };
        using var runner = new LoopRunner(null, _ => NewLoop());
        _ = runner.Loop;
        value.Value = "given";
        var given = LoopContext.Capture();
        value.Value = "neither";

        Assert.That(runner.Run(Read, given), Is.EqualTo("given"));
        Assert.That(runner.Run(Read), Is.EqualTo("runner"));

        async Coroutine<string?> Read()
        {
            await EventLoop.Yield();
            return value.Value;
        }
    }
}
