using System.Diagnostics;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Simulation;

/// <summary>
/// The clock of the in-memory driver: when it moves, when it stands, and when it gives up.
/// </summary>
public class VirtualTimeTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Test]
    public void A_sleep_takes_exactly_its_time_on_the_clock()
    {
        using var world = new SimulatedLoop();
        world.Run(async () =>
        {
            await EventLoop.Delay(TimeSpan.FromHours(36));
            Assert.That(world.Loop.Time, Is.EqualTo(TimeSpan.FromHours(36)));
            await EventLoop.Delay(TimeSpan.FromTicks(1));
            Assert.That(world.Loop.Time, Is.EqualTo(new TimeSpan(36, 0, 0) + new TimeSpan(1)));
        });
    }

    [Test]
    [Category("Measured")]
    public void A_day_of_sleeps_takes_no_real_time()
    {
        using var world = new SimulatedLoop();
        var watch = Stopwatch.StartNew();
        world.RunFor(TimeSpan.FromDays(1));

        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public void Turns_take_no_time()
    {
        using var world = new SimulatedLoop();
        world.Loop.CallLater(TimeSpan.FromTicks(1), static () => { });
        world.Run(async () =>
        {
            for (int i = 0; i < 1000; i++)
            {
                await EventLoop.Yield();
            }

            Assert.That(world.Loop.Time, Is.EqualTo(TimeSpan.Zero));
        });
    }

    [Test]
    public void The_wall_clock_runs_with_the_virtual_one_from_a_fixed_start()
    {
        using var world = new SimulatedLoop();
        world.RunFor(TimeSpan.FromDays(31));

        Assert.That(
            world.Driver.UtcNow,
            Is.EqualTo(new DateTimeOffset(2000, 2, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    [TestCase(2000)]
    [TestCase(9999)]
    public void Beyond_the_year_9999_the_wall_clock_stands_and_the_virtual_one_goes_on(int start)
    {
        var options = new InMemoryOptions
        {
            StartUtc = new DateTimeOffset(start, 12, 1, 0, 0, 0, TimeSpan.FromHours(14)),
        };
        using var world = new SimulatedLoop(options);
        TimeSpan far = TimeSpan.FromDays(3_000_000);
        world.Driver.Advance(far);
        world.RunFor(TimeSpan.FromHours(1));

        Assert.That(world.Loop.Time, Is.EqualTo(far + TimeSpan.FromHours(1)));
        Assert.That(world.Driver.UtcNow, Is.EqualTo(DateTimeOffset.MaxValue));
        Assert.That(world.Loop.TimeProvider.GetUtcNow(), Is.EqualTo(DateTimeOffset.MaxValue));
    }

    [Test]
    public void The_last_moment_of_the_year_9999_is_still_told()
    {
        var start = new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);
        using var world = new SimulatedLoop(new() { StartUtc = start });
        TimeSpan left = DateTimeOffset.MaxValue - start;
        world.Driver.Advance(left - TimeSpan.FromTicks(1));
        Assert.That(
            world.Driver.UtcNow, Is.EqualTo(DateTimeOffset.MaxValue - TimeSpan.FromTicks(1)));
        world.Driver.Advance(TimeSpan.FromTicks(2));
        Assert.That(world.Driver.UtcNow, Is.EqualTo(DateTimeOffset.MaxValue));
    }

    [Test]
    public void At_the_end_of_the_virtual_clock_connections_are_still_made()
    {
        using var world = new SimulatedLoop();
        world.Driver.Advance(TimeSpan.MaxValue);
        world.Driver.Advance(TimeSpan.MaxValue);
        world.Driver.Faults = FaultPlan.Rough;
        world.Run(async () =>
        {
            LoopServer server = await world.Loop.StartServer(
                async connection => await connection.WriteAsync("late"u8.ToArray()),
                "127.0.0.1",
                0);
            Connection client = await Connection.OpenAsync(server.EndPoints[0]);
            Assert.That(await client.ReadToEndAsync(), Is.EqualTo("late"u8.ToArray()));
            client.Close();
            server.Close();
            await server.WaitClosedAsync();
        });
    }

    [Test]
    public void Advancing_by_hand_runs_nothing_and_the_next_turn_runs_what_fell_due()
    {
        using var world = new SimulatedLoop();
        bool hasRun = false;
        world.Loop.CallLater(s_second, () => hasRun = true);

        world.Driver.Advance(s_second - TimeSpan.FromTicks(1));
        world.Loop.RunBriefly();
        Assert.That(hasRun, Is.False, "a tick before its moment");

        world.Driver.Advance(TimeSpan.FromTicks(1));
        Assert.That(hasRun, Is.False, "advancing runs nothing");
        world.Loop.RunBriefly();
        Assert.That(hasRun, Is.True);
        Assert.That(world.Loop.Time, Is.EqualTo(s_second));
    }

    [Test]
    public void The_clock_does_not_go_back()
    {
        using var world = new SimulatedLoop();
        Assert.That(
            () => world.Driver.Advance(TimeSpan.FromTicks(-1)),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void The_clock_stands_still_while_work_is_on_another_thread()
    {
        using var world = new SimulatedLoop();
        using var loopWaits = new ManualResetEventSlim();
        bool hasTimerRun = false;
        world.Loop.CallLater(TimeSpan.FromMilliseconds(1), () => hasTimerRun = true);
        world.Run(async () =>
        {
            world.Loop.CallSoon(loopWaits.Set);
            await world.Loop.RunInExecutor(loopWaits.Wait);
            Assert.That(world.Loop.Time, Is.EqualTo(TimeSpan.Zero));
            Assert.That(hasTimerRun, Is.False);
        });
    }

    [Test]
    public void Work_that_never_comes_back_stops_the_clock_for_a_bounded_time_only()
    {
        using var world = new SimulatedLoop(new() { WorkElsewhereMax = TimeSpan.Zero });
        world.Driver.NoteWorkElsewhere(1);

        world.RunFor(s_second);

        Assert.That(world.Loop.Time, Is.EqualTo(s_second));
    }

    [Test]
    public void A_loop_for_which_nothing_can_happen_any_more_says_so()
    {
        using var world =
            new SimulatedLoop(new() { StallMax = TimeSpan.Zero, Seed = 7 }) { MayReport = true };
        world.RunFor(s_second);
        world.Driver.Listen(SimulatedLoop.AnyPort, new());
        Promise<int> never = world.Loop.CreateFuture<int>();

        Assert.That(
            () => world.Loop.RunUntilComplete(never),
            Throws.InvalidOperationException.With.Message.Contains("nothing will ever happen")
                .And.Message.Contains("At 00:00:01 of virtual time")
                .And.Message.Contains("listeners: 1")
                .And.Message.Contains("seed: 7"));
    }

    [Test]
    public void Work_elsewhere_that_nothing_waits_beside_is_a_deadlock_after_its_bound()
    {
        using var world =
            new SimulatedLoop(new() { WorkElsewhereMax = TimeSpan.Zero }) { MayReport = true };
        world.Driver.NoteWorkElsewhere(1);

        Assert.That(
            () => world.Loop.RunUntilComplete(world.Loop.CreateFuture<int>()),
            Throws.InvalidOperationException.With.Message.Contains("work on other threads: 1"));
    }

    [Test]
    public void A_foreign_thread_that_wakes_the_loop_is_no_deadlock()
    {
        using var world = new SimulatedLoop();
        Promise<int> answer = world.Loop.CreateFuture<int>();
        var thread = new Thread(
            () => world.Loop.CallSoonThreadSafe(() => answer.SetResult(42)));
        thread.Start();

        Assert.That(world.Loop.RunUntilComplete(answer), Is.EqualTo(42));
        thread.Join();
    }

    [Test]
    public void A_wake_between_polls_makes_the_next_poll_return_and_only_that_one()
    {
        using var world = new SimulatedLoop();
        world.Driver.Wake();
        world.Driver.Wake();

        world.Driver.Poll(s_second);
        Assert.That(world.Driver.Now, Is.EqualTo(TimeSpan.Zero), "it was woken");
        world.Driver.Poll(s_second);
        Assert.That(world.Driver.Now, Is.EqualTo(s_second), "nobody woke it");
    }

    [Test]
    public void The_seed_decides_every_random_number()
    {
        var first = new InMemoryDriver(new() { Seed = 99 });
        var second = new InMemoryDriver(new() { Seed = 99 });

        Assert.That(first.Seed, Is.EqualTo(99));
        Assert.That(
            Enumerable.Range(0, 100).Select(_ => first.Random.Next()),
            Is.EqualTo(Enumerable.Range(0, 100).Select(_ => second.Random.Next())));
        first.Dispose();
        second.Dispose();
    }
}
