using Reactor.Sync;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// What waiting for each other costs in bytes: nothing, contended or not. Counted as in
/// <see cref="AllocationTests"/>, with its reasons.
/// </summary>
[NonParallelizable]
[Category("Measured")]
public sealed class SyncAllocationTests : LoopFixture
{
    private const int Rounds = 1000;

    [SetUp]
    public void NeedReleaseAndNoRecord()
    {
        AllocationTests.AssumeOptimized();
        Driver.KeepsRecord = false;
    }

    [Test]
    public void A_free_lock_allocates_nothing() => AssertFree(async () =>
    {
        var free = new AsyncLock();
        long before = AllocationTests.Counter;
        for (int i = 0; i < Rounds; i++)
        {
            using (await free.AcquireAsync())
            {
            }
        }

        return AllocationTests.Counter - before;
    });

    [Test]
    public void A_free_place_of_a_semaphore_allocates_nothing() => AssertFree(async () =>
    {
        var free = new AsyncSemaphore(1);
        long before = AllocationTests.Counter;
        for (int i = 0; i < Rounds; i++)
        {
            using (await free.AcquireAsync())
            {
            }
        }

        return AllocationTests.Counter - before;
    });

    [Test]
    public void A_set_event_and_a_barrier_of_one_allocate_nothing() => AssertFree(async () =>
    {
        var set = new AsyncEvent(isSet: true);
        var barrier = new AsyncBarrier(1);
        long before = AllocationTests.Counter;
        for (int i = 0; i < Rounds; i++)
        {
            await set.WaitAsync();
            await barrier.WaitAsync();
        }

        return AllocationTests.Counter - before;
    });

    [Test]
    public void A_put_and_a_take_that_need_not_wait_allocate_nothing() => AssertFree(async () =>
    {
        var queue = new AsyncQueue<int>();
        queue.Put(0); // the store grows here
        queue.Take();
        long before = AllocationTests.Counter;
        for (int i = 0; i < Rounds; i++)
        {
            await queue.PutAsync(i);
            await queue.TakeAsync();
        }

        return AllocationTests.Counter - before;
    });

    [Test]
    public void A_contended_lock_allocates_nothing_but_one_waiter_a_task() =>
        AssertFree(async () =>
        {
            var shared = new AsyncLock();
            LoopTask other = EventLoop.Spawn(Contend(shared));
            await Contend(shared, 10); // both have their waiters now
            long before = AllocationTests.Counter;
            await Contend(shared, Rounds);
            long bytes = AllocationTests.Counter - before;
            other.Cancel();
            await EventLoop.Yield();
            return bytes - ContendCall();
        });

    [Test]
    public void A_put_and_a_take_that_wait_for_each_other_allocate_nothing() =>
        AssertFree(async () =>
        {
            var queue = new AsyncQueue<int>(1);
            LoopTask putter = EventLoop.Spawn(PutForEver(queue));
            for (int i = 0; i < 10; i++)
            {
                await queue.TakeAsync();
            }

            long before = AllocationTests.Counter;
            for (int i = 0; i < Rounds; i++)
            {
                await queue.TakeAsync();
            }

            long bytes = AllocationTests.Counter - before;
            putter.Cancel();
            await EventLoop.Yield();
            return bytes;
        });

    /// <summary>What the call of a coroutine itself allocates, which is not meant here.</summary>
    private static long ContendCall()
    {
        long before = AllocationTests.Counter;
#pragma warning disable REACTOR001 // only the call is measured
        _ = Contend(new AsyncLock(), 0);
#pragma warning restore REACTOR001
        return AllocationTests.Counter - before - SizeOfLock();
    }

    private static long SizeOfLock()
    {
        long before = AllocationTests.Counter;
        _ = new AsyncLock();
        return AllocationTests.Counter - before;
    }

    private static async Coroutine Contend(AsyncLock shared, int rounds = int.MaxValue)
    {
        for (int i = 0; i < rounds; i++)
        {
            using (await shared.AcquireAsync())
            {
                await EventLoop.Yield();
            }
        }
    }

    private static async Coroutine PutForEver(AsyncQueue<int> queue)
    {
        while (true)
        {
            await queue.PutAsync(1);
        }
    }

    private void AssertFree(Func<Coroutine<long>> round) =>
        Assert.That(Loop.RunUntilComplete(AllocationTests.LeastBytes(round, 0)), Is.Zero);
}
