using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statements G24 to G30: waiting no longer than so long.</summary>
public sealed class G_WaitAsyncTests : LoopFixture
{
    [Test]
    public void G24_a_value_in_time_is_the_value()
    {
        Run(async () =>
        {
            Assert.That(await Sleep(1).WaitAsync(S(2)), Is.EqualTo(1));
            Assert.That(await EventLoop.Spawn(Sleep(1)).WaitAsync(S(2)), Is.EqualTo(1));
            Promise<int> future = new();
            Loop.CallLater(S(1), future.SetResult, 7);
            Assert.That(await future.WaitAsync(S(2)), Is.EqualTo(7));
            await Nothing().WaitAsync(S(1));
        });

        Assert.That(Seconds, Is.EqualTo(3));
    }

    [Test]
    public void G24_null_waits_for_ever()
    {
        Run(async () =>
        {
            Assert.That(await Sleep(100_000).WaitAsync(null), Is.EqualTo(100_000));
            Assert.That(await EventLoop.Spawn(Sleep(1)).WaitAsync(null), Is.EqualTo(1));
        });
    }

    [Test]
    public void G24_at_the_limit_itself_the_time_is_over()
    {
        // The task ends in the turn of the deadline; its waiter would hear of it a turn later.
        Run(async () =>
        {
            LoopTask<int> task = EventLoop.Spawn(Sleep(2));
            await EventLoop.Yield();
            Assert.That(await Caught(task.WaitAsync(S(2))), Is.TypeOf<TimeoutException>());
        });
    }

    [Test]
    public void G25_on_timeout_it_cancels_and_waits_until_the_task_has_really_ended()
    {
        Run(async () =>
        {
            LoopTask<int> task = EventLoop.Spawn(SlowToDie());

            Exception error = await Caught(task.WaitAsync(S(1)));

            Assert.That(error, Is.TypeOf<TimeoutException>());
            Assert.That(task.IsCancelled, Is.True);
            Assert.That(Seconds, Is.EqualTo(4), "1 s until the time-out and 3 s of cleanup");
            Assert.That(LoopTask.Current!.Cancelling, Is.Zero);
        });
        Assert.That(Story, Is.EqualTo("cleaned-up"));

        async Coroutine<int> SlowToDie()
        {
            try
            {
                return await Later(S(60), 1);
            }
            finally
            {
                await EventLoop.Delay(S(3));
                Tell("cleaned-up");
            }
        }
    }

    [Test]
    public void G25_with_one_tick_to_spare_all_is_well()
    {
        Run(async () =>
        {
            TimeSpan limit = S(1) + TimeSpan.FromTicks(1);
            Assert.That(await Sleep(1).WaitAsync(limit), Is.EqualTo(1));
            limit = S(1) - TimeSpan.FromTicks(1);
            Assert.That(await Caught(Sleep(1).WaitAsync(limit)), Is.TypeOf<TimeoutException>());
        });
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void G26_with_zero_or_less_a_done_future_gives_its_value(double timeout)
    {
        Run(async () =>
        {
            Promise<int> done = new();
            done.SetResult(1);
            Assert.That(await done.WaitAsync(S(timeout)), Is.EqualTo(1));
        });
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void G26_with_zero_or_less_a_coroutine_is_never_started(double timeout)
    {
        Run(async () =>
        {
            Assert.That(await Caught(Told().WaitAsync(S(timeout))), Is.TypeOf<TimeoutException>());
        });

        Assert.That(Story, Is.Empty);
        Assert.That(CloseAndTakeReports(), Is.Empty);

        async Coroutine<int> Told()
        {
            Tell("started");
            return 1;
        }
    }

    [Test]
    public void G26_with_zero_a_running_task_is_cancelled_and_awaited()
    {
        Run(async () =>
        {
            LoopTask<int> task = EventLoop.Spawn(Sleep(60));
            await EventLoop.Yield();

            Assert.That(await Caught(task.WaitAsync(S(0))), Is.TypeOf<TimeoutException>());

            Assert.That(task.IsCancelled, Is.True);
            Assert.That(Seconds, Is.Zero);
        });
    }

    [TestCase(0)]
    [TestCase(1)]
    public void G27_a_task_that_swallows_the_cancellation_gives_its_value(double timeout)
    {
        Run(async () =>
        {
            LoopTask<int> task = EventLoop.Spawn(Stubborn());
            await EventLoop.Yield();
            Assert.That(await task.WaitAsync(S(timeout)), Is.EqualTo(42));
            Assert.That(LoopTask.Current!.Cancelling, Is.Zero);
            Assert.That(await Sleep(1), Is.EqualTo(1), "nothing is left over");
        });
    }

    [TestCase(0)]
    [TestCase(1)]
    public void G27_one_that_throws_gives_its_exception(double timeout)
    {
        Run(async () =>
        {
            LoopTask<int> task = EventLoop.Spawn(Furious());
            await EventLoop.Yield();
            Assert.That(await Caught(task.WaitAsync(S(timeout))), Is.TypeOf<FormatException>());
        });
    }

    [Test]
    public void G28_cancelling_the_waiter_cancels_the_inner_one()
    {
        Run(async () =>
        {
            LoopTask<int> inner = EventLoop.Spawn(Sleep(60));
            LoopTask<int> outer = EventLoop.Spawn(inner.WaitAsync(S(30)));
            await EventLoop.Delay(S(1));

            outer.Cancel();
            await EventLoop.Wait([outer]);

            Assert.That(outer.IsCancelled, Is.True);
            Assert.That(inner.IsCancelled, Is.True);
            Assert.That(Seconds, Is.EqualTo(1));
        });
    }

    [Test]
    public void G28_if_the_inner_one_finished_in_the_same_turn_the_outer_is_still_cancelled()
    {
        Run(async () =>
        {
            Promise<int> inner = new();
            LoopTask<int> outer = EventLoop.Spawn(inner.WaitAsync(S(30)));
            await EventLoop.Yield();

            inner.SetResult(1);
            outer.Cancel();
            await EventLoop.Wait([outer]);

            Assert.That(outer.IsCancelled, Is.True);
        });
    }

    [Test]
    public void G29_with_a_shield_the_inner_one_survives_the_timeout()
    {
        Run(async () =>
        {
            LoopTask<int> inner = EventLoop.Spawn(Sleep(5));

            Assert.That(
                await Caught(inner.Shield().WaitAsync(S(1))), Is.TypeOf<TimeoutException>());

            Assert.That(Seconds, Is.EqualTo(1));
            Assert.That(await inner, Is.EqualTo(5));
        });
    }

    [Test]
    public void G30_a_coroutine_is_awaited_in_the_current_task()
    {
        var value = new AsyncLocal<int>();
        Run(async () =>
        {
            ILoopTask self = LoopTask.Current!;
            await Check(self).WaitAsync(S(1));
            await Check(self).WaitAsync(null);
            Assert.That(value.Value, Is.EqualTo(2), "so it shares the context too");
        });

        async Coroutine<int> Check(ILoopTask self)
        {
            Assert.That(LoopTask.Current, Is.SameAs(self));
            await EventLoop.Yield();
            Assert.That(LoopTask.Current, Is.SameAs(self));
            return ++value.Value;
        }
    }

    private static async Coroutine Nothing()
    {
    }

    private static async Coroutine<int> Sleep(int seconds) =>
        await Later(S(seconds), seconds);

    private static async Coroutine<int> Stubborn()
    {
        try
        {
            return await Later(S(60), 1);
        }
        catch (LoopCanceledException)
        {
            return 42;
        }
    }

    private static async Coroutine<int> Furious()
    {
        try
        {
            return await Later(S(60), 1);
        }
        catch (LoopCanceledException)
        {
            throw new FormatException();
        }
    }
}
