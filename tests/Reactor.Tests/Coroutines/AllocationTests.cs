using System.Diagnostics;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// What an await allocates. Counted on the loop thread with the runtime's own counter, in Release
/// only: in Debug the compiler makes state machines classes. Code is compiled anew while it runs,
/// so rounds are repeated until the optimised code is there, and the best of them counts.
/// </summary>
[NonParallelizable]
[Category("Measured")]
public sealed class AllocationTests : LoopFixture
{
    private const int AwaitsPerRound = 1000;
    internal static readonly TimeSpan WarmUpMax = TimeSpan.FromSeconds(10);

    [SetUp]
    public void NeedReleaseAndNoRecord()
    {
        AssumeOptimized();
        Driver.KeepsRecord = false;
    }

    [Test]
    public void An_await_of_yield_allocates_nothing() =>
        Assert.That(Loop.RunUntilComplete(LeastBytes(YieldRound, 0)), Is.Zero);

    [Test]
    public void An_await_of_delay_allocates_nothing() =>
        Assert.That(Loop.RunUntilComplete(LeastBytes(DelayRound, 0)), Is.Zero);

    [Test]
    public void An_await_that_an_instrument_watches_allocates_nothing()
    {
        Loop.AddInstrument(new Mute());
        Assert.That(Loop.RunUntilComplete(LeastBytes(DelayRound, 0)), Is.Zero);
    }

    [Test]
    public void An_await_of_a_future_that_a_callback_completes_allocates_nothing() =>
        Assert.That(Loop.RunUntilComplete(LeastBytes(FutureRound, 0)), Is.Zero);

    [Test]
    public void An_await_of_a_done_future_allocates_nothing() =>
        Assert.That(Loop.RunUntilComplete(LeastBytes(DoneFutureRound, 0)), Is.Zero);

    [Test]
    public void An_await_of_a_child_that_completes_allocates_nothing() =>
        Assert.That(Loop.RunUntilComplete(LeastBytes(ChildRound, 0)), Is.Zero);

    [Test]
    public void The_call_of_a_child_allocates_nothing() =>
        Assert.That(Loop.RunUntilComplete(LeastBytes(ChildCallRound, 0)), Is.Zero);

    [Test]
    public void The_call_of_a_child_with_a_result_and_arguments_allocates_nothing() =>
        Assert.That(Loop.RunUntilComplete(LeastBytes(ChildWithResultRound, 0)), Is.Zero);

    [Test]
    public void Nested_awaits_that_do_not_wait_allocate_nothing() =>
        Assert.That(Loop.RunUntilComplete(LeastBytes(NestedRound, 0)), Is.Zero);

    [Test]
    public void A_task_allocates_232_bytes_at_most() =>
        Assert.That(
            Loop.RunUntilComplete(LeastBytes(TaskRound, 232 * AwaitsPerRound)),
            Is.LessThanOrEqualTo(232 * AwaitsPerRound), "task 64, step 104, frame 64");

    internal static long Counter => GC.GetAllocatedBytesForCurrentThread();

    /// <summary>Skips the test in Debug.</summary>
    internal static void AssumeOptimized()
    {
        bool isOptimized = !typeof(EventLoop).Assembly
            .GetCustomAttributes(typeof(DebuggableAttribute), false)
            .Cast<DebuggableAttribute>()
            .Any(attribute => attribute.IsJITOptimizerDisabled);
        Skip.Unless(isOptimized, "the count is only meant for Release");
    }

    /// <summary>Rounds until one allocates no more than hoped for, or the time is over.</summary>
    internal static async Coroutine<long> LeastBytes(Func<Coroutine<long>> round, long hopedFor)
    {
        long least = long.MaxValue;
        long begin = Stopwatch.GetTimestamp();
        while (least > hopedFor && Stopwatch.GetElapsedTime(begin) < WarmUpMax)
        {
            least = Math.Min(least, await round());
        }

        return least;
    }

    private sealed class Mute : ILoopInstrument;

    private static async Coroutine<long> YieldRound()
    {
        long before = Counter;
        for (int i = 0; i < AwaitsPerRound; i++)
        {
            await EventLoop.Yield();
        }

        return Counter - before;
    }

    private static async Coroutine<long> DelayRound()
    {
        long before = Counter;
        for (int i = 0; i < AwaitsPerRound; i++)
        {
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
        }

        return Counter - before;
    }

    /// <summary>
    /// The futures and the callbacks that complete them are made before the count begins.
    /// </summary>
    private static async Coroutine<long> FutureRound()
    {
        var futures = new Promise<int>[AwaitsPerRound];
        for (int i = 0; i < futures.Length; i++)
        {
            futures[i] = new Promise<int>();
        }

        LoopTask completer = EventLoop.Spawn(CompleteOneByOne(futures));
        long before = Counter;
        int sum = 0;
        foreach (Future<int> future in futures)
        {
            sum += await future;
        }

        long bytes = Counter - before;
        await completer;
        Assert.That(sum, Is.EqualTo(AwaitsPerRound));
        return bytes;
    }

    private static async Coroutine CompleteOneByOne(Future<int>[] futures)
    {
        foreach (Promise<int> future in futures)
        {
            await EventLoop.Yield();
            await EventLoop.Yield();
            future.SetResult(1);
        }
    }

    private static async Coroutine<long> DoneFutureRound()
    {
        var done = new Promise<int>();
        done.SetResult(1);
        long before = Counter;
        int sum = 0;
        for (int i = 0; i < AwaitsPerRound; i++)
        {
            sum += await done;
        }

        long bytes = Counter - before;
        Assert.That(sum, Is.EqualTo(AwaitsPerRound));
        return bytes;
    }

    /// <summary>
    /// The calls are made before the count begins; here only the awaits are counted.
    /// </summary>
    private static async Coroutine<long> ChildRound()
    {
        var calls = new Coroutine<int>[AwaitsPerRound];
        for (int i = 0; i < calls.Length; i++)
        {
            calls[i] = YieldingChild(1, 2);
        }

        long before = Counter;
        int sum = 0;
        foreach (Coroutine<int> call in calls)
        {
            sum += await call;
        }

        long bytes = Counter - before;
        Assert.That(sum, Is.EqualTo(3 * AwaitsPerRound));
        return bytes;
    }

    private static async Coroutine<long> ChildCallRound()
    {
        long before = Counter;
        for (int i = 0; i < AwaitsPerRound; i++)
        {
            await Child();
        }

        return Counter - before;
    }

    private static async Coroutine<long> ChildWithResultRound()
    {
        long before = Counter;
        int sum = 0;
        for (int i = 0; i < AwaitsPerRound; i++)
        {
            sum += await YieldingChild(i, 1);
        }

        long bytes = Counter - before;
        Assert.That(sum, Is.Positive);
        return bytes;
    }

    private static async Coroutine<long> NestedRound()
    {
        long before = Counter;
        int sum = 0;
        for (int i = 0; i < AwaitsPerRound; i++)
        {
            sum += await Nested(10);
        }

        long bytes = Counter - before;
        Assert.That(sum, Is.EqualTo(10 * AwaitsPerRound));
        return bytes;
    }

    private static async Coroutine<long> TaskRound()
    {
        long before = Counter;
        for (int i = 0; i < AwaitsPerRound; i++)
        {
            await EventLoop.Spawn(Nested(0));
        }

        return Counter - before;
    }

    private static async Coroutine<int> Nested(int n) => n == 0 ? 0 : 1 + await Nested(n - 1);

    private static async Coroutine Child() => await EventLoop.Yield();

    private static async Coroutine<int> YieldingChild(int a, int b)
    {
        await EventLoop.Yield();
        return a + b;
    }
}
