using Reactor.Sync;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statements K04 and K13: the event, and what binds a primitive to a loop.</summary>
public sealed class K_EventTests : LoopFixture
{
    [Test]
    public void K04_set_wakes_all_who_wait()
    {
        var signal = new AsyncEvent();
        Await(signal, "a");
        Await(signal, "b");
        Await(signal, "c");
        RunTurns(3);
        Assert.That(Story, Is.Empty);

        signal.Set();
        Assert.That(signal.IsSet, Is.True);
        RunTurns(1);

        Assert.That(Story, Is.EqualTo("a b c"));
    }

    [Test]
    public void K04_waiting_for_a_set_event_does_not_suspend()
    {
        Run(async () =>
        {
            var signal = new AsyncEvent(isSet: true);
            int before = Turns;
            await signal.WaitAsync();
            Assert.That(Turns, Is.EqualTo(before));
        });
    }

    [Test]
    public void K04_set_and_reset_still_wakes_those_who_wait()
    {
        var signal = new AsyncEvent();
        Await(signal, "a");
        RunTurns(1);

        signal.Set();
        signal.Reset();
        Await(signal, "late");
        RunTurns(3);

        Assert.That(Story, Is.EqualTo("a"));
        Assert.That(signal.IsSet, Is.False);
        signal.Set();
        RunTurns(1);
        Assert.That(Story, Is.EqualTo("a late"));
    }

    [Test]
    public void K04_a_cancelled_wait_leaves_nothing()
    {
        var signal = new AsyncEvent();
        LoopTask cancelled = Await(signal, "a");
        RunTurns(1);

        cancelled.Cancel();
        RunTurns(1);

        Assert.That(cancelled.IsCancelled, Is.True);
        Assert.That(signal.ToString(), Does.Contain("waiters=0"));
        signal.Set();
        RunTurns(1);
        Assert.That(Story, Is.Empty);
    }

    [Test]
    public void K04_a_waiter_that_is_woken_and_cancelled_throws()
    {
        var signal = new AsyncEvent();
        LoopTask cancelled = Await(signal, "a");
        Await(signal, "b");
        RunTurns(1);

        signal.Set();
        cancelled.Cancel();
        RunTurns(1);

        Assert.That(cancelled.IsCancelled, Is.True);
        Assert.That(Story, Is.EqualTo("b"));
    }

    [Test]
    public void K04_setting_twice_is_harmless()
    {
        var signal = new AsyncEvent();
        signal.Set();
        signal.Set();
        Assert.That(signal.IsSet, Is.True);
        signal.Reset();
        signal.Reset();
        Assert.That(signal.IsSet, Is.False);
    }

    [Test]
    public void K13_the_uncontended_path_touches_no_loop()
    {
        // No loop runs on this thread at all.
        var free = new AsyncLock();
        free.AcquireAsync().GetAwaiter().GetResult().Dispose();
        new AsyncEvent(isSet: true).WaitAsync().GetAwaiter().GetResult();
        new AsyncSemaphore(1).AcquireAsync().GetAwaiter().GetResult().Dispose();
        Assert.That(new AsyncBarrier(1).WaitAsync().GetAwaiter().GetResult(), Is.Zero);
        var queue = new AsyncQueue<int>(1);
        queue.PutAsync(7).GetAwaiter().GetResult();
        Assert.That(queue.TakeAsync().GetAwaiter().GetResult(), Is.EqualTo(7));
    }

    [Test]
    public void K13_without_contention_several_loops_can_use_one_lock()
    {
        var shared = new AsyncLock();
        Run(Use);
        using EventLoop other = NewLoop();
        other.RunUntilComplete(Use());

        async Coroutine Use()
        {
            using (await shared.AcquireAsync())
            {
                await EventLoop.Yield();
            }
        }
    }

    private static readonly object[] s_blocking =
    [
        new TestCaseData(BlockOn(new AsyncLock())).SetArgDisplayNames("lock"),
        new TestCaseData(BlockOn(new AsyncEvent())).SetArgDisplayNames("event"),
        new TestCaseData(BlockOn(new AsyncSemaphore(0)))
            .SetArgDisplayNames("semaphore"),
        new TestCaseData(BlockOn(new AsyncCondition()))
            .SetArgDisplayNames("condition"),
        new TestCaseData(BlockOn(new AsyncBarrier(3)))
            .SetArgDisplayNames("barrier"),
        new TestCaseData(BlockOn(new AsyncQueue<int>()))
            .SetArgDisplayNames("take"),
        new TestCaseData(BlockOnPut(new AsyncQueue<int>(1)))
            .SetArgDisplayNames("put"),
    ];

    [TestCaseSource(nameof(s_blocking))]
    public void K13_blocking_on_one_from_a_second_loop_throws(Func<Coroutine> block)
    {
        LoopTask waiter = Loop.CreateTask(block());
        RunTurns(2);
        Assert.That(waiter.IsDone, Is.False, "it is bound to the first loop now");

        using EventLoop second = NewLoop();
        Assert.That(() => second.RunUntilComplete(block()),
            Throws.InvalidOperationException
                .With.Message.Contains("is bound to a different event loop"));

        waiter.Cancel();
        RunTurns(2);
        Assert.That(waiter.IsCancelled, Is.True);
    }

    [Test]
    public void K13_blocking_where_no_loop_runs_throws()
    {
        var taken = new AsyncLock();
        taken.TryAcquire();
        Assert.That(() => taken.AcquireAsync().GetAwaiter().GetResult(),
            Throws.InvalidOperationException.With.Message.Contains("No event loop"));
        Assert.That(taken.AcquireAsync().GetAwaiter().IsCompleted, Is.True, "the await throws");
    }

    private static Func<Coroutine> BlockOn(AsyncLock taken) => async () =>
    {
        taken.TryAcquire();
        await taken.AcquireAsync();
    };

    private static Func<Coroutine> BlockOn(AsyncEvent unset) =>
        async () => await unset.WaitAsync();

    private static Func<Coroutine> BlockOn(AsyncSemaphore none) =>
        async () => await none.AcquireAsync();

    private static Func<Coroutine> BlockOn(AsyncBarrier barrier) =>
        async () => await barrier.WaitAsync();

    private static Func<Coroutine> BlockOn(AsyncCondition condition) => async () =>
    {
        using (await condition.Lock.AcquireAsync())
        {
            await condition.WaitAsync();
        }
    };

    private static Func<Coroutine> BlockOn(AsyncQueue<int> empty) =>
        async () => await empty.TakeAsync();

    private static Func<Coroutine> BlockOnPut(AsyncQueue<int> small) => async () =>
    {
        small.TryPut(1);
        await small.PutAsync(2);
    };

    private LoopTask Await(AsyncEvent signal, string name)
    {
        return Loop.CreateTask(Wait());

        async Coroutine Wait()
        {
            await signal.WaitAsync();
            Tell(name);
        }
    }
}
