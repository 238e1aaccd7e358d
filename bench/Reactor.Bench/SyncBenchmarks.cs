// What waiting for each other costs, in nanoseconds an operation: locks and semaphores that are
// free, and queues between two tasks, one with room for all and one with room for one item, where
// each put and each take has to wait for the other.
using BenchmarkDotNet.Attributes;
using Reactor.Sync;

namespace Reactor.Bench;

public class SyncBenchmarks : OnLoop
{
    [Benchmark(OperationsPerInvoke = Operations)]
    public void FreeLock()
    {
        Loop.RunUntilComplete(Main());
        static async Coroutine Main()
        {
            var free = new AsyncLock();
            for (int i = 0; i < Operations; i++)
            {
                using (await free.AcquireAsync())
                {
                }
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void ContendedLock()
    {
        Loop.RunUntilComplete(Main());
        static async Coroutine Main()
        {
            var shared = new AsyncLock();
            await EventLoop.Wait([EventLoop.Spawn(Half(shared)), EventLoop.Spawn(Half(shared))]);
        }

        static async Coroutine Half(AsyncLock shared)
        {
            for (int i = 0; i < Operations / 2; i++)
            {
                using (await shared.AcquireAsync())
                {
                    await EventLoop.Yield();
                }
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void FreeSemaphore()
    {
        Loop.RunUntilComplete(Main());
        static async Coroutine Main()
        {
            var free = new AsyncSemaphore(1);
            for (int i = 0; i < Operations; i++)
            {
                using (await free.AcquireAsync())
                {
                }
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void QueuePutAndTakeInOneTask()
    {
        Loop.RunUntilComplete(Main());
        static async Coroutine Main()
        {
            var queue = new AsyncQueue<int>();
            for (int i = 0; i < Operations; i++)
            {
                await queue.PutAsync(i);
                await queue.TakeAsync();
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    [Arguments(0)]
    [Arguments(100)]
    [Arguments(1)]
    public void QueuePutAndTakeBetweenTwoTasks(int capacity)
    {
        Loop.RunUntilComplete(Main(capacity));
        static async Coroutine Main(int capacity)
        {
            var queue = new AsyncQueue<int>(capacity);
            await EventLoop.Wait([EventLoop.Spawn(Put(queue)), EventLoop.Spawn(Take(queue))]);
        }

        static async Coroutine Put(AsyncQueue<int> queue)
        {
            for (int i = 0; i < Operations; i++)
            {
                await queue.PutAsync(i);
            }
        }

        static async Coroutine Take(AsyncQueue<int> queue)
        {
            for (int i = 0; i < Operations; i++)
            {
                await queue.TakeAsync();
            }
        }
    }
}
