using System.Diagnostics;
using Reactor.Testing;

namespace Reactor.Tests.Simulation;

/// <summary>
/// Functions on executors come back to a virtual clock in the order in which they were sent, and
/// after all that is ready at their moment: the speed of their threads changes nothing.
/// </summary>
public class JobOrderTests
{
    [Test]
    public void The_function_that_ends_first_waits_for_one_that_was_sent_before()
    {
        using var world = new SimulatedLoop();
        using var secondEnds = new ManualResetEventSlim();
        var order = new List<int>();
        world.Run(async () =>
        {
            await EventLoop.WhenAll(Run(1, secondEnds.Wait), Run(2, secondEnds.Set));
        });

        Assert.That(order, Is.EqualTo(new[] { 1, 2 }));

        async Coroutine Run(int number, Action function)
        {
            await EventLoop.ToThread(function);
            order.Add(number);
        }
    }

    [Test]
    public void A_function_that_has_ended_waits_for_all_that_is_ready_at_its_moment()
    {
        using var world = new SimulatedLoop();
        using var ended = new ManualResetEventSlim();
        var order = new List<string>();
        world.Run(async () =>
        {
            Future<Unit> job = EventLoop.ToThread(ended.Set);
            job.AddDoneCallback(_ => order.Add("job"));
            ended.Wait();
            for (int i = 0; i < 100; i++)
            {
                await EventLoop.Yield();
            }

            order.Add("turns");
            await job;
        });

        Assert.That(order, Is.EqualTo(new[] { "turns", "job" }));
    }

    [Test]
    public void A_function_that_waits_for_what_follows_from_a_later_one_does_so_after_a_bound()
    {
        using var world = new SimulatedLoop();
        using var reaction = new ManualResetEventSlim();
        var order = new List<int>();
        world.Run(async () =>
        {
            Future<Unit> first = EventLoop.ToThread(reaction.Wait);
            await EventLoop.ToThread(() => { });
            order.Add(2);
            reaction.Set();
            await first;
            order.Add(1);
        });

        Assert.That(order, Is.EqualTo(new[] { 2, 1 }));
    }

    [TestCase(0)]
    [TestCase(100)]
    [Category("Measured")]
    public void A_function_that_lives_as_long_as_the_program_holds_the_loop_up_once_only(int later)
    {
        using var world = new SimulatedLoop();
        using var end = new ManualResetEventSlim();
        var watch = Stopwatch.StartNew();
        world.Run(async () =>
        {
            Future<Unit> lasting = EventLoop.ToThread(end.Wait);
            for (int i = 0; i < later; i++)
            {
                Assert.That(await EventLoop.ToThread(static () => 1), Is.EqualTo(1));
            }

            for (int turn = 0; turn < 100_000; turn++)
            {
                await EventLoop.Yield();
            }

            end.Set();
            await lasting;
        });

        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void A_task_that_polls_for_a_function_sees_its_end_in_the_same_turn_of_each_run()
    {
        int turns = PollForJob();
        Assert.That(PollForJob(), Is.EqualTo(turns));

        static int PollForJob()
        {
            using var world = new SimulatedLoop();
            int turns = 0;
            world.Run(async () =>
            {
                Future<Unit> job = EventLoop.ToThread(() => Thread.SpinWait(1000));
                for (; !job.IsDone; turns++)
                {
                    await EventLoop.Yield();
                }
            });
            return turns;
        }
    }

    [Test]
    public void A_cancelled_function_still_comes_back_and_those_behind_it_after_it()
    {
        using var world = new SimulatedLoop();
        using var go = new ManualResetEventSlim();
        world.Run(async () =>
        {
            Future<Unit> first = EventLoop.ToThread(go.Wait);
            Future<Unit> second = EventLoop.ToThread(() => { });
            first.Cancel();
            go.Set();
            await second;
        });

        Assert.That(world.Loop.Time, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void An_async_function_and_one_of_an_executor_that_is_shut_down_keep_the_order()
    {
        using var world = new SimulatedLoop();
        using var go = new ManualResetEventSlim();
        var executor = new ThreadPoolExecutor(new() { Threads = 1 });
        var order = new List<string>();
        world.Run(async () =>
        {
            Future<Unit> running = world.Loop.RunInExecutor(go.Wait, executor);
            Future<Unit> dropped = world.Loop.RunInExecutor(() => { }, executor);
            Future<int> awaited = world.Loop.RunInExecutor(async () =>
            {
                await Task.Yield();
                return 1;
            });
            running.AddDoneCallback(_ => order.Add("running"));
            dropped.AddDoneCallback(_ => order.Add("dropped"));
            awaited.AddDoneCallback(_ => order.Add("awaited"));
            executor.Shutdown(cancelPending: true);
            go.Set();
            await awaited;
            Assert.That(dropped.IsCancelled);
        });

        Assert.That(order, Is.EqualTo(new[] { "running", "dropped", "awaited" }));
    }
}
