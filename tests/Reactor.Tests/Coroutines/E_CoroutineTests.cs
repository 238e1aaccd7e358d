using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements E01 to E05 and E15 to E20: coroutines, what an await costs, and what it refuses.
/// </summary>
public sealed class E_CoroutineTests : LoopFixture
{
    [Test]
    public void E01_calling_a_coroutine_method_runs_nothing()
    {
        Coroutine call = Body();
        RunTurns(3);
        Assert.That(Story, Is.Empty);

        Loop.RunUntilComplete(call);
        Assert.That(Story, Is.EqualTo("began ended"));

        async Coroutine Body()
        {
            Tell("began");
            await EventLoop.Yield();
            Tell("ended");
        }
    }

    [Test]
    public void E02_create_task_schedules_the_first_step_behind_what_is_queued()
    {
        Loop.CallSoon(Tell, "queued-before");
        LoopTask task = Loop.CreateTask(Body());
        Loop.CallSoon(Tell, "queued-after");
        Tell("returned");

        Loop.RunUntilComplete(task);

        Assert.That(Story, Is.EqualTo("returned queued-before body queued-after"));

        async Coroutine Body() => Tell("body");
    }

    [Test]
    public void E03_awaiting_a_coroutine_takes_no_turn_and_stays_in_the_task()
    {
        Run(async () =>
        {
            int before = Turns;
            ILoopTask? task = LoopTask.Current;
            int depth = await Nest(100);
            Assert.That(depth, Is.EqualTo(100));
            Assert.That(Turns, Is.EqualTo(before));

            async Coroutine<int> Nest(int n)
            {
                Assert.That(LoopTask.Current, Is.SameAs(task));
                return n == 0 ? 0 : 1 + await Nest(n - 1);
            }
        });
    }

    [Test]
    public void E03_an_exception_of_an_awaited_coroutine_takes_no_turn_either()
    {
        Run(async () =>
        {
            int before = Turns;
            try
            {
                await Fail();
            }
            catch (FormatException)
            {
                Tell("caught");
            }

            Assert.That(Turns, Is.EqualTo(before));
        });
        Assert.That(Story, Is.EqualTo("caught"));

        static async Coroutine Fail() => throw new FormatException();
    }

    [Test]
    public void E04_each_task_border_costs_exactly_one_turn()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        LoopTask<int> waiter = Loop.CreateTask(Await("waiter", future));
        LoopTask<int> outer = Loop.CreateTask(Await("outer", waiter));
        RunTurns(2);
        Loop.CallSoon(() =>
        {
            future.SetResult(1);
            Tell($"set:{Turns}");
        });

        RunTurns(3);

        Assert.That(outer.IsDone, Is.True);
        Assert.That(Story, Is.EqualTo("set:3 waiter:4 outer:5"));

        async Coroutine<int> Await(string name, Future<int> what)
        {
            int result = await what;
            Tell($"{name}:{Turns}");
            return result;
        }
    }

    [Test]
    public void E05_awaiting_a_coroutine_a_second_time_throws()
    {
        Run(async () =>
        {
            Coroutine<int> call = Five();
            Assert.That(await call, Is.EqualTo(5));
            await AssertThrows(call, "reuse already awaited coroutine");
        });
    }

    [Test]
    public void E05_awaiting_a_coroutine_that_failed_a_second_time_throws()
    {
        Run(async () =>
        {
            Coroutine<int> call = Fail();
            try
            {
                await call;
            }
            catch (FormatException)
            {
                Tell("failed");
            }

            await AssertThrows(call, "reuse already awaited coroutine");
        });
        Assert.That(Story, Is.EqualTo("failed"));

        static async Coroutine<int> Fail() => throw new FormatException();
    }

    [Test]
    public void E05_awaiting_a_coroutine_that_was_made_a_task_throws()
    {
        Run(async () =>
        {
            Coroutine<int> call = Five();
            LoopTask<int> task = EventLoop.Spawn(call);
            await AssertThrows(call, "being awaited already");
            Assert.That(await task, Is.EqualTo(5));
            await AssertThrows(call, "reuse already awaited coroutine");
            Assert.That(() => EventLoop.Spawn(call), Throws.InvalidOperationException
                .With.Message.Contains("reuse already awaited coroutine"));
        });
    }

    [Test]
    public void E05_awaiting_one_that_runs_elsewhere_throws()
    {
        Run(async () =>
        {
            Coroutine<int> call = Five();
            LoopTask<int> elsewhere = EventLoop.Spawn(Await(call));
            await EventLoop.Yield();
            await AssertThrows(call, "being awaited already");
            Assert.That(await elsewhere, Is.EqualTo(5));
        });

        static async Coroutine<int> Await(Coroutine<int> call) => await call;
    }

    [Test]
    public void E15_awaiting_a_future_of_another_loop_throws_inside()
    {
        using EventLoop other = NewLoop();
        Promise<int> foreign = other.CreateFuture<int>();
        Run(async () =>
        {
            try
            {
                await foreign;
            }
            catch (InvalidOperationException error)
            {
                Assert.That(error.Message, Does.Contain("attached to a different loop"));
                Tell("caught");
            }

            await EventLoop.Yield();
        });

        Assert.That(Story, Is.EqualTo("caught"));
        Assert.That(foreign.ToString(), Does.Not.Contain("cb="));
    }

    [Test]
    public void E16_a_task_awaiting_itself_throws_inside()
    {
        LoopTask<int> task = null!;
        task = Loop.CreateTask(AwaitSelf());

        Assert.That(() => Loop.RunUntilComplete(task), Throws.InvalidOperationException
            .With.Message.Contains("cannot await on itself"));

        async Coroutine<int> AwaitSelf() => await task;
    }

    [Test]
    public void E17_returning_a_future_does_not_unwrap_it()
    {
        Promise<int> inner = Loop.CreateFuture<int>();

        Future<int> returned = Run(async () => inner);

        Assert.That(returned, Is.SameAs(inner));
        Assert.That(inner.IsDone, Is.False);
    }

    [Test]
    public void E18_yield_gives_up_exactly_one_turn()
    {
        Run(async () =>
        {
            int before = Turns;
            Loop.CallSoon(Tell, "posted-before");
            await EventLoop.Yield();
            Tell($"yielded:{Turns - before}");
        });

        Assert.That(Story, Is.EqualTo("posted-before yielded:1"));
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void E19_a_delay_of_nothing_is_one_yield_without_a_timer(double seconds)
    {
        Run(async () =>
        {
            int before = Turns;
            Loop.CallSoon(Tell, "posted-before");
            Loop.CallLater(S(-10), Tell, "timer");
            await EventLoop.Delay(S(seconds));
            Tell($"yielded:{Turns - before}");
        });

        Assert.That(
            Story, Is.EqualTo("posted-before yielded:1 timer"),
            "a timer of its own would have run behind the other");
    }

    [Test]
    public void E20_cancelling_a_sleeping_task_cancels_its_timer()
    {
        LoopTask sleeper = Loop.CreateTask(Sleep());
        Loop.CallLater(S(1), () => sleeper.Cancel());
        Loop.CallLater(S(10), Loop.Stop);

        Loop.RunForever();

        Assert.That(sleeper.IsCancelled, Is.True);
        Assert.That(
            Driver.Polls.Select(poll => poll.Deadline), Does.Not.Contain(S(5)),
            "nobody waits for the sleeper any more");
        Assert.That(Driver.LastPoll.Deadline, Is.EqualTo(S(10)));

        static async Coroutine Sleep() => await EventLoop.Delay(S(5));
    }

    private static async Coroutine<int> Five()
    {
        await EventLoop.Yield();
        await EventLoop.Yield();
        return 5;
    }

    private static async Coroutine AssertThrows(Coroutine<int> call, string message)
    {
        try
        {
            await call;
        }
        catch (InvalidOperationException error)
        {
            Assert.That(error.Message, Does.Contain(message));
            return;
        }

        Assert.Fail($"No exception about {message}.");
    }
}
