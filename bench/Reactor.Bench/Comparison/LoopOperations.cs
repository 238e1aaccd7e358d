// The operations of loops/python_loop.py on our loop with the sockets driver: the same shape, the
// same counts. Each is one call that does them all.
using Reactor.Sync;

namespace Reactor.Bench.Comparison;

internal sealed class LoopOperations : IOperations
{
    private readonly EventLoop _loop = new();
    private readonly Action _step;
    private int _left;

    public LoopOperations() => _step = Step; // made once, as a function of Python is

    public void CallSoonChain(int count)
    {
        _left = count;
        _loop.CallSoon(_step);
        _loop.RunForever();
    }

    public void TaskSwitch(int workers, int switches)
    {
        _loop.RunUntilComplete(Main(workers, switches));
        static async Coroutine Main(int workers, int switches)
        {
            var tasks = new LoopTask[workers];
            for (int i = 0; i < workers; i++)
            {
                tasks[i] = EventLoop.Spawn(Worker(switches));
            }

            await EventLoop.WhenAll(tasks);
        }

        static async Coroutine Worker(int switches)
        {
            for (int i = 0; i < switches; i++)
            {
                await EventLoop.Yield();
            }
        }
    }

    public void CreateTask(int count)
    {
        _loop.RunUntilComplete(Main(count));
        static async Coroutine Main(int count)
        {
            var tasks = new LoopTask[count];
            for (int i = 0; i < count; i++)
            {
                tasks[i] = EventLoop.Spawn(Worker());
            }

            await EventLoop.WhenAll(tasks);
        }

#pragma warning disable CS1998 // a coroutine that has nothing to wait for is what is measured
        static async Coroutine Worker()
        {
        }
#pragma warning restore CS1998
    }

    public void NestedAwait(int rounds, int depth, bool waits)
    {
        _loop.RunUntilComplete(Main(rounds, depth, waits));
        static async Coroutine Main(int rounds, int depth, bool waits)
        {
            for (int i = 0; i < rounds; i++)
            {
                await Down(depth, waits);
            }
        }

        static async Coroutine<int> Down(int n, bool waits)
        {
            if (n > 0)
            {
                return await Down(n - 1, waits);
            }

            if (waits)
            {
                await EventLoop.Yield();
            }

            return 0;
        }
    }

    public void CallLaterAndCancel(int count)
    {
        var handles = new TimerHandle[count];
        for (int i = 0; i < count; i++)
        {
            handles[i] = _loop.CallLater(TimeSpan.FromSeconds(1000 + (i % 997)), static () => { });
        }

        foreach (TimerHandle handle in handles)
        {
            handle.Cancel();
        }

        _loop.RunBriefly();
    }

    public void FutureRoundTrip(int count)
    {
        _loop.RunUntilComplete(Main(_loop, count));
        static async Coroutine Main(EventLoop loop, int count)
        {
            for (int i = 0; i < count; i++)
            {
                Promise<int> future = loop.CreateFuture<int>();
                loop.CallSoon(static one => one.SetResult(1), future);
                await future;
            }
        }
    }

    public void QueuePutAndGet(int count, int capacity)
    {
        _loop.RunUntilComplete(Main(count, capacity));
        static async Coroutine Main(int count, int capacity)
        {
            var queue = new AsyncQueue<int>(capacity);
            await EventLoop.WhenAll(
                EventLoop.Spawn(Put(queue, count)), EventLoop.Spawn(Get(queue, count)));
        }

        static async Coroutine Put(AsyncQueue<int> queue, int count)
        {
            for (int i = 0; i < count; i++)
            {
                await queue.PutAsync(i);
            }
        }

        static async Coroutine Get(AsyncQueue<int> queue, int count)
        {
            for (int i = 0; i < count; i++)
            {
                await queue.TakeAsync();
            }
        }
    }

    public void Dispose() => _loop.Dispose();

    private void Step()
    {
        if (--_left > 0)
        {
            _loop.CallSoon(_step);
        }
        else
        {
            _loop.Stop();
        }
    }
}
