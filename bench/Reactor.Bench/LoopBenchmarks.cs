// What each primitive of the loop costs, in nanoseconds an operation, on the sockets driver and
// with the real clock; `Task` stands beside the nested await, because it is what else one would
// use.
using BenchmarkDotNet.Attributes;

namespace Reactor.Bench;

[MemoryDiagnoser]
public class LoopBenchmarks
{
    private const int Operations = 100_000;
    private const int Depth = 500;

    private EventLoop _loop = null!;

    [GlobalSetup]
    public void MakeLoop() => _loop = new EventLoop();

    [GlobalCleanup]
    public void CloseLoop() => _loop.Dispose();

    [Benchmark(OperationsPerInvoke = Operations)]
    public void CallSoonChain()
    {
        int left = Operations;
        void Step()
        {
            if (--left == 0)
            {
                _loop.Stop();
            }
            else
            {
                _loop.CallSoon(Step);
            }
        }

        _loop.CallSoon(Step);
        _loop.RunForever();
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void Yield()
    {
        _loop.RunUntilComplete(Main());
        static async Coroutine Main()
        {
            for (int i = 0; i < Operations; i++)
            {
                await EventLoop.Yield();
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void TaskSwitch()
    {
        _loop.RunUntilComplete(Main());
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
        _loop.RunUntilComplete(Main());
        static async Coroutine Main()
        {
            for (int i = 0; i < Operations; i++)
            {
                await EventLoop.Spawn(Return(i));
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void NestedAwait()
    {
        _loop.RunUntilComplete(Main());
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
            _loop.CallLater(TimeSpan.FromSeconds(1000 + (i % 997)), static () => { }).Cancel();
        }

        _loop.RunBriefly();
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void FutureRoundTrip()
    {
        _loop.RunUntilComplete(Main(_loop));
        static async Coroutine Main(EventLoop loop)
        {
            for (int i = 0; i < Operations; i++)
            {
                Future<int> future = loop.CreateFuture<int>();
                loop.CallSoon(static one => one.SetResult(1), future);
                await future;
            }
        }
    }

#pragma warning disable CS1998 // a coroutine that has nothing to wait for is what is measured
    private static async Coroutine<int> Return(int value) => value;
#pragma warning restore CS1998
}
