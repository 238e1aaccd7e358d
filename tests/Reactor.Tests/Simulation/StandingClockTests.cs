using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;
using Reactor.Tests.Net;

namespace Reactor.Tests.Simulation;

/// <summary>
/// A loop that always has something ready never comes to its timers, because turns take no virtual
/// time: that ends with an error which names what is ready, and does not hang.
/// </summary>
public class StandingClockTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private static InMemoryOptions Short => new()
    {
        StallMax = TimeSpan.Zero,
        TurnsAtOneMomentMax = 10_000,
        Seed = 7,
    };

    [Test]
    public void A_task_that_polls_with_Yield_for_a_timer_ends_the_run_and_is_named()
    {
        using var world = new SimulatedLoop(Short) { MayReport = true };
        world.RunFor(s_second);
        bool isDue = false;
        world.Loop.CallLater(s_second, () => isDue = true);
        LoopTask task = world.Loop.CreateTask(Poll(), "the poller");

        Assert.That(
            () => world.Loop.RunUntilComplete(task),
            Throws.InvalidOperationException.With.Message.Contains("the poller")
                .And.Message.Contains("the virtual clock stands at 00:00:01")
                .And.Message.Contains("Yield()")
                .And.Message.Contains("Seed: 7"));

        async Coroutine Poll()
        {
            while (!isDue)
            {
                await EventLoop.Yield();
            }
        }
    }

    [TestCase("callbacks")]
    [TestCase("delays of nothing")]
    [TestCase("a plain async method")]
    [TestCase("a network without delays")]
    [TestCase("a descriptor that stays readable")]
    public void Whatever_keeps_the_loop_busy_at_one_moment_ends_the_run(string how)
    {
        using var world = new SimulatedLoop(Short) { MayReport = true };
        world.Loop.CallLater(s_second, world.Loop.Stop);
        Keep(world, how);

        Assert.That(
            world.Loop.RunForever,
            Throws.InvalidOperationException.With.Message.Contains("Ready now: "));
    }

    [Test]
    public void So_many_turns_at_one_moment_pass_and_one_more_does_not()
    {
        using var world = new SimulatedLoop(Short with { TurnsAtOneMomentMax = 100 });
        for (int moment = 0; moment < 3; moment++)
        {
            for (int turn = 0; turn < 100; turn++)
            {
                world.Driver.Poll(TimeSpan.Zero);
            }

            world.Driver.Advance(TimeSpan.FromTicks(1));
        }

        for (int turn = 0; turn < 100; turn++)
        {
            world.Driver.Poll(TimeSpan.Zero);
        }

        Assert.That(() => world.Driver.Poll(TimeSpan.Zero), Throws.InvalidOperationException);
    }

    [Test]
    public void A_burst_of_turns_has_the_real_time_of_a_stall()
    {
        using var world = new SimulatedLoop(
            Short with { TurnsAtOneMomentMax = 100, StallMax = TimeSpan.FromHours(1) });
        world.Run(async () =>
        {
            for (int turn = 0; turn < 10_000; turn++)
            {
                await EventLoop.Yield();
            }
        });
        Assert.That(world.Loop.Time, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Polling_for_work_on_another_thread_has_the_time_of_that_work()
    {
        using var world = new SimulatedLoop(Short with { TurnsAtOneMomentMax = 100 });
        using var isPolled = new ManualResetEventSlim();
        world.Run(async () =>
        {
            Future<Unit> work = EventLoop.ToThread(isPolled.Wait);
            for (int turn = 0; !work.IsDone; turn++)
            {
                await EventLoop.Yield();
                if (turn == 1000)
                {
                    isPolled.Set();
                }
            }
        });
        Assert.That(world.Loop.Time, Is.EqualTo(TimeSpan.Zero));
    }

    private static void Keep(SimulatedLoop world, string how)
    {
        switch (how)
        {
            case "callbacks":
                void Again() => world.Loop.CallSoon(Again);
                Again();
                break;
            case "delays of nothing":
                world.Loop.CreateTask(DelayForNothing());
                break;
            case "a plain async method":
                world.Loop.CallSoon(() => { _ = YieldForEver(); });
                break;
            case "a network without delays":
                world.Loop.CreateTask(PingPong(world.Loop));
                break;
            default:
                InMemoryDescriptor pipe = world.Driver.OpenDescriptor();
                pipe.IsReadable = true;
                world.Loop.AddReader(pipe, static () => { });
                break;
        }
    }

    private static async Coroutine DelayForNothing()
    {
        while (true)
        {
            await EventLoop.Delay(TimeSpan.Zero);
        }
    }

    private static async Task YieldForEver()
    {
        while (true)
        {
            await EventLoop.Yield();
        }
    }

    private static async Coroutine PingPong(EventLoop loop)
    {
        LoopServer server = await loop.StartServer(ServedLoop.Echo, "127.0.0.1", 0);
        Connection client = await Connection.OpenAsync(server.EndPoints[0]);
        byte[] ball = new byte[1];
        while (true)
        {
            await client.WriteAsync(ball);
            await client.ReadExactlyAsync(ball);
        }
    }
}
