using Microsoft.Extensions.Logging.Abstractions;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// <see cref="Timeout.InfiniteTimeSpan"/>, which is -1 ms, is no limit wherever a limit is given,
/// and it is no delay of a callback.
/// </summary>
[TestFixture]
public sealed class InfiniteTimeTests : LoopFixture
{
    private static readonly TimeSpan s_infinite = Timeout.InfiniteTimeSpan;

    private static IEnumerable<TestCaseData> Waits()
    {
        (string, Func<Coroutine>)[] waits =
        [
            ("coroutine", async () => await Later(S(1), 1).WaitAsync(s_infinite)),
            ("future", async () => await EventLoop.Spawn(Later(S(1), 1)).WaitAsync(s_infinite)),
            ("scope", async () => await TimeoutScope.Run(
                s_infinite, async _ => await Later(S(1), 1))),
            ("wait", async () => await EventLoop.Wait(
                [EventLoop.Spawn(Later(S(1), 1))], timeout: s_infinite)),
            ("each", async () =>
            {
                await foreach (LoopTask<int> one in EventLoop.WhenEach(
                    [Later(S(1), 1)], s_infinite))
                {
                    Assert.That(one.Result, Is.EqualTo(1));
                }
            }),
            ("race", async () => await EventLoop.StaggeredRace(
                [() => Later(S(1), 1), () => throw new FormatException("the second")],
                s_infinite)),
            ("executor", () => EventLoop.Current.ShutdownExecutorAsync(s_infinite)),
        ];
        return waits.Select(one => new TestCaseData(one.Item2).SetName($"{{m}}({one.Item1})"));
    }

    [TestCaseSource(nameof(Waits))]
    public void A_wait_without_a_limit_ends_with_what_it_waits_for(Func<Coroutine> wait)
    {
        Run(async () =>
        {
            LoopTask waiter = EventLoop.Spawn(wait);
            await EventLoop.Yield();
            await EventLoop.Yield();
            Assert.That(Loop.ArmedTimers, Is.LessThanOrEqualTo(1), "only that of the delay");
            await waiter;
        });

        Assert.That(Seconds, Is.LessThanOrEqualTo(1));
        Assert.That(Loop.ArmedTimers, Is.Zero);
    }

    [Test]
    public void A_computed_remainder_that_is_over_is_a_time_out()
    {
        Run(async () =>
        {
            await Fails(S(0));
            await Fails(s_infinite - TimeSpan.FromTicks(1));
            await Fails(s_infinite + TimeSpan.FromTicks(1));
        });

        static async Coroutine Fails(TimeSpan limit)
        {
            Exception? error = null;
            try
            {
                await Later(S(1), 1).WaitAsync(limit);
            }
            catch (TimeoutException timeout)
            {
                error = timeout;
            }

            Assert.That(error, Is.Not.Null, $"{limit}");
        }
    }

    [Test]
    public void A_callback_after_an_infinite_delay_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Loop.CallLater(s_infinite, () => { }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Loop.CallLater(s_infinite, Tell, "no"));
        Assert.That(Loop.ArmedTimers, Is.Zero);
    }

    [Test]
    public void A_moment_a_millisecond_before_the_epoch_is_an_instant_like_any_other()
    {
        Loop.CallAt(s_infinite, Tell, "due");
        Loop.RunBriefly();
        Assert.That(Story, Is.EqualTo("due"));

        Assert.Throws<TimeoutException>(() => Run(() => TimeoutScope.RunUntil(
            s_infinite, async _ => await EventLoop.Yield())));
    }

    [Test]
    public void The_end_of_a_program_waits_for_its_tasks_if_that_wait_has_no_limit()
    {
        var driver = new InMemoryDriver();
        EventLoop.Run(
            async () =>
            {
                _ = EventLoop.Spawn(EndSlowly);
                await EventLoop.Yield();
            },
            new EventLoopOptions
            {
                Driver = driver,
                CancelTimeout = s_infinite,
                ExecutorTimeout = s_infinite,
            });

        Assert.That(driver.Now, Is.EqualTo(TimeSpan.FromDays(30)));

        static async Coroutine EndSlowly()
        {
            try
            {
                await EventLoop.Delay(s_infinite);
            }
            catch (LoopCanceledException)
            {
                await EventLoop.Delay(TimeSpan.FromDays(30));
                throw;
            }
        }
    }

    [Test]
    public void The_options_of_a_loop_know_infinite()
    {
        var driver = new ManualDriver { IsCostly = true };
        using var loop = new EventLoop(new EventLoopOptions
        {
            Driver = driver,
            BlockedAfter = s_infinite,
            SlowCallbackDuration = s_infinite,
            PollMax = s_infinite,
            PollSkipTimeMax = s_infinite,
        });

        Assert.That(
            BlockWatch.Of(loop, loop.Meter, NullLogger.Instance, loop.Options.BlockedAfter),
            Is.Null);
        Assert.That(loop.SlowCallbackDuration, Is.EqualTo(TimeSpan.MaxValue));
        TimeSpan far = TimeSpan.FromDays(365);
        loop.CallAt(far, loop.Stop);
        loop.RunForever();
        Assert.That(loop.Time, Is.EqualTo(far));
        Assert.That(driver.Polls.Select(poll => poll.Deadline), Has.Some.EqualTo(far));
    }

    [Test]
    public void A_pause_of_accepting_is_finite()
    {
        using var world = new SimulatedLoop();
        foreach (TimeSpan pause in new[] { s_infinite, S(-1) })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => world.Loop.CreateServer(
                new Silent(), [SimulatedLoop.AnyPort], new ServerOptions { AcceptPause = pause }));
        }
    }

    [Test]
    public void A_wait_for_a_worker_process_is_finite()
    {
        foreach (ProcessPoolOptions options in new[]
        {
            new ProcessPoolOptions { StartTimeout = s_infinite },
            new ProcessPoolOptions { ShutdownTimeout = s_infinite },
        })
        {
            Assert.Throws<ArgumentOutOfRangeException>(
                () => new ProcessPoolExecutor(new ProcessJobs(), options));
        }
    }

    private sealed class Silent : IConnectionHandler
    {
        public async Coroutine ServeAsync(Connection connection) => await EventLoop.Yield();
    }
}
