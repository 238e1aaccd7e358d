// The same operations with what .NET itself has: `Task` and `async Task` methods on a pump, which
// is a synchronization context whose one thread runs what is posted to it, first in, first out.
using System.Threading.Channels;

namespace Reactor.Bench.Comparison;

internal sealed class PumpOperations : IOperations
{
    private readonly Pump _pump = new();
    private int _left;

    public void CallSoonChain(int count)
    {
        _left = count;
        _pump.Post(static self => ((PumpOperations)self!).Step(), this);
        _pump.RunUntilStopped();
    }

    public void TaskSwitch(int workers, int switches) => _pump.Run(() => Task.WhenAll(
        Enumerable.Range(0, workers).Select(_ => Worker(switches))));

    public void CreateTask(int count) => _pump.Run(async () =>
    {
        var scheduler = TaskScheduler.FromCurrentSynchronizationContext();
        var tasks = new Task[count];
        for (int i = 0; i < count; i++)
        {
            // Started by the pump, in its turn, as a task of a loop is; a plain call would run at
            // once and be no task that can be scheduled or cancelled.
            tasks[i] = Task.Factory.StartNew(
                static () => Task.CompletedTask,
                CancellationToken.None,
                TaskCreationOptions.None,
                scheduler).Unwrap();
        }

        await Task.WhenAll(tasks);
    });

    public void NestedAwait(int rounds, int depth, bool waits)
    {
        _pump.Run(async () =>
        {
            for (int i = 0; i < rounds; i++)
            {
                await Down(depth, waits);
            }
        });

        static async Task<int> Down(int n, bool waits)
        {
            if (n > 0)
            {
                return await Down(n - 1, waits);
            }

            if (waits)
            {
                await Task.Yield();
            }

            return 0;
        }
    }

    public void CallLaterAndCancel(int count)
    {
        var timers = new Timer[count];
        for (int i = 0; i < count; i++)
        {
            timers[i] = new Timer(
                static _ => { },
                null,
                TimeSpan.FromSeconds(1000 + (i % 997)),
                Timeout.InfiniteTimeSpan);
        }

        foreach (Timer timer in timers)
        {
            timer.Dispose();
        }
    }

    public void FutureRoundTrip(int count) => _pump.Run(async () =>
    {
        for (int i = 0; i < count; i++)
        {
            var future = new TaskCompletionSource<int>(
                TaskCreationOptions.RunContinuationsAsynchronously);
            _pump.Post(static one => ((TaskCompletionSource<int>)one!).SetResult(1), future);
            await future.Task;
        }
    });

    public void QueuePutAndGet(int count, int capacity)
    {
        _pump.Run(async () =>
        {
            var queue = Channel.CreateBounded<int>(
                new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
            await Task.WhenAll(Put(queue.Writer, count), Get(queue.Reader, count));
        });

        static async Task Put(ChannelWriter<int> queue, int count)
        {
            for (int i = 0; i < count; i++)
            {
                await queue.WriteAsync(i);
            }
        }

        static async Task Get(ChannelReader<int> queue, int count)
        {
            for (int i = 0; i < count; i++)
            {
                await queue.ReadAsync();
            }
        }
    }

    public void Dispose()
    {
    }

    private static async Task Worker(int switches)
    {
        for (int i = 0; i < switches; i++)
        {
            await Task.Yield();
        }
    }

    private void Step()
    {
        if (--_left > 0)
        {
            _pump.Post(static self => ((PumpOperations)self!).Step(), this);
        }
        else
        {
            _pump.Stop();
        }
    }

    private sealed class Pump : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = [];
        private readonly Lock _lock = new();
        private bool _isStopped;

        public override void Post(SendOrPostCallback d, object? state)
        {
            lock (_lock)
            {
                _posted.Enqueue((d, state));
            }
        }

        public void Stop() => _isStopped = true;

        public void Run(Func<Task> main)
        {
            SynchronizationContext? before = Current;
            SetSynchronizationContext(this);
            Task task = main();
            task.ContinueWith(
                static (_, self) => ((Pump)self!).Stop(),
                this,
                TaskScheduler.FromCurrentSynchronizationContext());
            RunUntilStopped();
            task.GetAwaiter().GetResult();
            SetSynchronizationContext(before);
        }

        public void RunUntilStopped()
        {
            _isStopped = false;
            while (!_isStopped)
            {
                (SendOrPostCallback Callback, object? State) next;
                lock (_lock)
                {
                    // Everything here is posted by the pump itself: an empty queue is a mistake.
                    next = _posted.Dequeue();
                }

                next.Callback(next.State);
            }
        }
    }
}
