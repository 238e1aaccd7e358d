using Reactor.Sync;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statements K01 to K03: the lock.</summary>
public sealed class K_LockTests : LoopFixture
{
    [Test]
    public void K01_those_who_wait_get_the_lock_in_the_order_they_came()
    {
        var taken = new AsyncLock();
        Assert.That(taken.TryAcquire(), Is.True);
        Hold(taken, "a");
        Hold(taken, "b");
        Hold(taken, "c");
        RunTurns(3);
        Assert.That(Story, Is.Empty);

        taken.Release();
        RunTurns(1);
        Assert.That(Story, Is.EqualTo("a"), "the one who was woken gives it on within its step");
        RunTurns(1);
        Assert.That(Story, Is.EqualTo("a b"));
        RunTurns(1);

        Assert.That(Story, Is.EqualTo("a b c"));
        Assert.That(taken.IsLocked, Is.False);
    }

    [Test]
    public void K01_taking_a_free_lock_does_not_suspend()
    {
        Run(async () =>
        {
            var free = new AsyncLock();
            int before = Turns;
            await free.AcquireAsync();
            Assert.That(Turns, Is.EqualTo(before));
            Assert.That(free.IsLocked, Is.True);
            free.Release();
            Assert.That(free.IsLocked, Is.False);
        });
    }

    [Test]
    public void K01_nothing_is_taken_before_the_await()
    {
        var free = new AsyncLock();
        _ = free.AcquireAsync();
        Assert.That(free.IsLocked, Is.False);
    }

    [Test]
    public void K01_releasing_a_free_lock_throws()
    {
        var free = new AsyncLock();
        Assert.That(free.Release, Throws.InvalidOperationException);
        free.TryAcquire();
        free.Release();
        Assert.That(free.Release, Throws.InvalidOperationException);
    }

    [Test]
    public void K01_releasing_a_lock_that_was_handed_on_and_not_yet_taken_throws()
    {
        var taken = new AsyncLock();
        taken.TryAcquire();
        Hold(taken, "a");
        RunTurns(1);

        taken.Release();

        Assert.That(taken.Release, Throws.InvalidOperationException);
        Assert.That(taken.IsLocked, Is.True, "it is promised");
        Assert.That(taken.TryAcquire(), Is.False, "so nobody else can have it");
        RunTurns(1);
        Assert.That(Story, Is.EqualTo("a"));
    }

    [Test]
    public void K01_a_newcomer_comes_after_the_one_that_was_woken()
    {
        var taken = new AsyncLock();
        taken.TryAcquire();
        Hold(taken, "woken");
        RunTurns(1);
        Loop.CallSoon(taken.Release);
        Hold(taken, "newcomer");
        RunTurns(4);
        Assert.That(Story, Is.EqualTo("woken newcomer"));
    }

    [Test]
    public void K02_a_cancelled_waiter_leaves_no_trace()
    {
        var taken = new AsyncLock();
        taken.TryAcquire();
        Hold(taken, "a");
        LoopTask cancelled = Hold(taken, "b");
        Hold(taken, "c");
        RunTurns(1);

        cancelled.Cancel();
        RunTurns(2);
        Assert.That(cancelled.IsCancelled, Is.True);
        Assert.That(taken.ToString(), Does.Contain("waiters=2"));

        taken.Release();
        RunTurns(3);
        Assert.That(Story, Is.EqualTo("a c"));
        Assert.That(taken.IsLocked, Is.False);
    }

    [Test]
    public void K02_a_waiter_that_is_woken_and_cancelled_passes_the_turn_on()
    {
        var taken = new AsyncLock();
        taken.TryAcquire();
        LoopTask first = Hold(taken, "a");
        Hold(taken, "b");
        RunTurns(1);

        taken.Release();
        first.Cancel();
        RunTurns(3);

        Assert.That(first.IsCancelled, Is.True);
        Assert.That(Story, Is.EqualTo("b"));
        Assert.That(taken.IsLocked, Is.False);
    }

    [Test]
    public void K02_the_last_waiter_woken_and_cancelled_leaves_the_lock_free()
    {
        var taken = new AsyncLock();
        taken.TryAcquire();
        LoopTask only = Hold(taken, "a");
        RunTurns(1);

        taken.Release();
        only.Cancel();
        RunTurns(2);

        Assert.That(only.IsCancelled, Is.True);
        Assert.That(taken.IsLocked, Is.False);
    }

    [Test]
    public void K02_a_waiter_that_is_cancelled_and_then_could_have_been_woken_costs_nobody_a_turn()
    {
        var taken = new AsyncLock();
        taken.TryAcquire();
        LoopTask first = Hold(taken, "a");
        Hold(taken, "b");
        RunTurns(1);

        first.Cancel();
        taken.Release();
        RunTurns(1);

        Assert.That(first.IsCancelled, Is.True);
        Assert.That(Story, Is.EqualTo("b"));
    }

    [Test]
    public void K02_a_waiter_whose_cancellation_is_taken_back_keeps_its_turn()
    {
        var taken = new AsyncLock();
        taken.TryAcquire();
        LoopTask first = Hold(taken, "a");
        RunTurns(1);

        taken.Release();
        first.Cancel();
        first.Uncancel();
        RunTurns(2);

        Assert.That(Story, Is.EqualTo("a"));
        Assert.That(first.IsCancelled, Is.False);
    }

    [Test]
    public void K02_a_task_that_caught_its_cancellation_can_wait_again()
    {
        var taken = new AsyncLock();
        taken.TryAcquire();
        LoopTask stubborn = Loop.CreateTask(Stubborn());
        RunTurns(1);
        stubborn.Cancel();
        RunTurns(1);
        Assert.That(Story, Is.EqualTo("caught"));

        taken.Release();
        RunTurns(1);
        Assert.That(Story, Is.EqualTo("caught got"));

        async Coroutine Stubborn()
        {
            try
            {
                await taken.AcquireAsync();
            }
            catch (LoopCanceledException)
            {
                Tell("caught");
            }

            using (await taken.AcquireAsync())
            {
                Tell("got");
            }
        }
    }

    [Test]
    public void K03_using_releases_when_the_block_throws()
    {
        var free = new AsyncLock();
        Assert.That(
            () => Run(async () =>
            {
                using (await free.AcquireAsync())
                {
                    Assert.That(free.IsLocked, Is.True);
                    await EventLoop.Yield();
                    throw new FormatException();
                }
            }),
            Throws.TypeOf<FormatException>());
        Assert.That(free.IsLocked, Is.False);
    }

    [Test]
    public void K03_only_one_task_at_a_time_is_inside()
    {
        var guard = new AsyncLock();
        int inside = 0;
        Run(async () =>
        {
            LoopTask[] tasks = [.. Enumerable.Range(0, 10).Select(_ => EventLoop.Spawn(Enter()))];
            await EventLoop.Wait(tasks);
            Assert.That(tasks.Select(task => task.Exception), Is.All.Null);
        });
        Assert.That(Seconds, Is.EqualTo(10), "one second each, one after the other");

        async Coroutine Enter()
        {
            using (await guard.AcquireAsync())
            {
                Assert.That(++inside, Is.EqualTo(1));
                await EventLoop.Delay(S(1));
                inside--;
            }
        }
    }

    private LoopTask Hold(AsyncLock taken, string name)
    {
        LoopTask task = Loop.CreateTask(Enter());
        return task;

        async Coroutine Enter()
        {
            using (await taken.AcquireAsync())
            {
                Tell(name);
            }
        }
    }
}
