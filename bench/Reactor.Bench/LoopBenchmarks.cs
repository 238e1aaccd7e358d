// What each primitive of the loop costs, in nanoseconds an operation, on the sockets driver and
// with the real clock; `Task` stands beside the nested await, because it is what else one would
// use.
using BenchmarkDotNet.Attributes;

namespace Reactor.Bench;

public class LoopBenchmarks : OnLoop
{
    private const int Depth = 500;

    [Benchmark(OperationsPerInvoke = Operations)]
    public void CallSoonChain()
    {
        int left = Operations;
        void Step()
        {
            if (--left == 0)
            {
                Loop.Stop();
            }
            else
            {
                Loop.CallSoon(Step);
            }
        }

        Loop.CallSoon(Step);
        Loop.RunForever();
    }

    /// <summary>With a timer to look after, each turn reads the clock.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void CallSoonChainBesideTimer()
    {
        TimerHandle timer = Loop.CallLater(TimeSpan.FromHours(1), static () => { });
        CallSoonChain();
        timer.Cancel();
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void Yield()
    {
        Loop.RunUntilComplete(Main());
        static async Coroutine Main()
        {
            for (int i = 0; i < Operations; i++)
            {
                await EventLoop.Yield();
            }
        }
    }

    /// <summary>With its loop time measured by the real clock, for an observer.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void YieldMeasured()
    {
        LoopCosts costs = Loop.OpenCosts();
        costs.Begin(isProgram: false);
        Yield();
        costs.End(isProgram: false);
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void TaskSwitch()
    {
        Loop.RunUntilComplete(Main());
        static async Coroutine Main()
        {
            var workers = new List<LoopTask>();
            for (int i = 0; i < 1000; i++)
            {
                workers.Add(EventLoop.Spawn(Worker()));
            }

            await EventLoop.Wait(workers);
        }

        static async Coroutine Worker()
        {
            for (int i = 0; i < Operations / 1000; i++)
            {
                await EventLoop.Yield();
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void CreateAndFinishTask()
    {
        Loop.RunUntilComplete(Main());
        static async Coroutine Main()
        {
            for (int i = 0; i < Operations; i++)
            {
                await EventLoop.Spawn(Return(i));
            }
        }
    }

    /// <summary>The same, all alive at one time.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void CreateAndGatherTasks()
    {
        Loop.RunUntilComplete(Main());
        static async Coroutine Main()
        {
            var tasks = new LoopTask<int>[Operations];
            for (int i = 0; i < tasks.Length; i++)
            {
                tasks[i] = EventLoop.Spawn(Return(i));
            }

            await EventLoop.WhenAll(tasks);
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void CallOfChild()
    {
        Loop.RunUntilComplete(Main());
        static async Coroutine Main()
        {
            for (int i = 0; i < Operations; i++)
            {
                await Return(i);
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void NestedAwait()
    {
        Loop.RunUntilComplete(Main());
        static async Coroutine Main()
        {
            for (int i = 0; i < Operations / Depth; i++)
            {
                await Down(Depth - 1);
            }
        }

        static async Coroutine<int> Down(int n) => n == 0 ? 0 : 1 + await Down(n - 1);
    }

#pragma warning disable CA1822 // the runner wants instance methods
    [Benchmark(OperationsPerInvoke = Operations)]
    public async Task NestedAwaitOfTask()
    {
        for (int i = 0; i < Operations / Depth; i++)
        {
            await Down(Depth - 1);
        }

        static async Task<int> Down(int n) => n == 0 ? 0 : 1 + await Down(n - 1);
    }
#pragma warning restore CA1822

    [Benchmark(OperationsPerInvoke = Operations)]
    public void CallLaterAndCancel()
    {
        for (int i = 0; i < Operations; i++)
        {
            Loop.CallLater(TimeSpan.FromSeconds(1000 + (i % 997)), static () => { }).Cancel();
        }

        Loop.RunBriefly();
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void MoveDeadline()
    {
        var deadline = new Deadline(Loop);
        for (int i = 0; i < Operations; i++)
        {
            deadline.Set(TimeSpan.FromSeconds(1000 + i));
        }

        deadline.Disarm();
        Loop.RunBriefly();
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void FutureRoundTrip()
    {
        Loop.RunUntilComplete(Main(Loop));
        static async Coroutine Main(EventLoop loop)
        {
            for (int i = 0; i < Operations; i++)
            {
                Promise<int> future = loop.CreateFuture<int>();
                loop.CallSoon(static one => one.SetResult(1), future);
                await future;
            }
        }
    }

#pragma warning disable CS1998 // a coroutine that has nothing to wait for is what is measured
    private static async Coroutine<int> Return(int value) => value;
#pragma warning restore CS1998

    private sealed class Deadline(EventLoop loop) : DeadlineTimer(loop)
    {
        protected override void OnDue(TimeSpan due)
        {
        }
    }
}
