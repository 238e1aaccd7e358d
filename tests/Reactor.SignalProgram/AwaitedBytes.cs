// What awaits of each kind allocate in the first second of each, while the runtime compiles the
// code again and again. Prints a line for each kind: its name, and the bytes of its worst round
// after a few that fill the pools.
using System.Diagnostics;
using System.Net.Sockets;
using Reactor;
using Reactor.Drivers;
using Reactor.Sync;

internal static class AwaitedBytes
{
    private const int AwaitsPerRound = 1000;
    private const int FirstRounds = 20;

    private static readonly TimeSpan s_each = TimeSpan.FromSeconds(0.7);
    private static readonly AsyncQueue<int> s_questions = new(capacity: 1);
    private static readonly AsyncQueue<int> s_answers = new(capacity: 1);
    private static Operation? s_operation;

    public static async Coroutine Print()
    {
        s_operation = new Operation(EventLoop.Current);
        _ = EventLoop.Spawn(CompleteForEver());
        _ = EventLoop.Spawn(AnswerForEver());
        await PrintOne("yield", Yields);
        await PrintOne("delay", Delays);
        await PrintOne("coroutine", Coroutines);
        await PrintOne("operation", Operations);
        await PrintOne("queue", Questions);
        await PrintOne("own", OwnAwaiters);
    }

    private static async Coroutine PrintOne(string name, Func<int, Coroutine> round)
    {
        for (int i = 0; i < FirstRounds; i++)
        {
            await round(1);
        }

        long worst = 0;
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < s_each)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            await round(AwaitsPerRound);
            worst = Math.Max(worst, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Console.WriteLine($"{name} {worst}");
    }

    private static async Coroutine Yields(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await EventLoop.Yield();
        }
    }

    private static async Coroutine Delays(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await EventLoop.Delay(TimeSpan.FromTicks(1));
        }
    }

    private static async Coroutine Coroutines(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await Yields(1);
        }
    }

    private static async Coroutine Operations(int count)
    {
        for (int i = 0; i < count; i++)
        {
            s_operation!.Start();
            await new OperationAwaitable(s_operation);
        }
    }

    private static async Coroutine Questions(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await s_questions.PutAsync(i);
            await s_answers.TakeAsync();
        }
    }

    private static async Coroutine OwnAwaiters(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await new OwnAwaiter(i);
        }
    }

    private static async Coroutine CompleteForEver()
    {
        while (true)
        {
            await EventLoop.Yield();
            if (s_operation!.IsInFlight)
            {
                s_operation.Finish();
            }
        }
    }

    private static async Coroutine AnswerForEver()
    {
        while (true)
        {
            await s_answers.PutAsync(await s_questions.TakeAsync());
        }
    }

    private sealed class Operation(EventLoop loop) : DriverOperation
    {
        public void Start() => Begin();

        public void Finish() => Complete(SocketError.Success);

        protected override void Post(LoopWork waiter) => loop.Post(waiter);
    }

    /// <summary>An awaiter as a user of the library writes one.</summary>
    private readonly record struct OwnAwaiter(int Number) : ILoopAwaiter<OwnAwaiter>
    {
        public bool IsCompleted => false;

        public OwnAwaiter GetAwaiter() => this;

        public void OnSuspend(TaskStep step) => step.Resume();

        public void GetResult() => TaskStep.Current?.ThrowIfInterrupted();

        public void OnCompleted(Action continuation) => throw new NotSupportedException();

        public void UnsafeOnCompleted(Action continuation) => throw new NotSupportedException();
    }
}
