using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// A million coroutines asleep at once, in the quick run a tenth of them: what each of them holds,
/// and that they wake in order. What a timer costs then is measured in bench/, where time belongs.
/// </summary>
[NonParallelizable]
[Category("Measured")]
public class MillionSleepersTests
{
    private const int BytesMax = 400;

    [TestCase(100_000)]
    [TestCase(1_000_000, Category = "Slow")]
    public void A_million_sleepers_hold_400_bytes_each_and_all_wake_in_order(int sleepers)
    {
        Random random = TestSeed.NewRandom();
        long before = ManagedHeap.Measure();
        using var loop = new EventLoop(new EventLoopOptions { Driver = new InMemoryDriver() });
        var wakes = new Wakes(loop);
        for (int i = 0; i < sleepers; i++)
        {
            loop.CreateTask(wakes.Sleep(i, TimeSpan.FromMilliseconds(1 + random.Next(10_000_000))));
        }

        loop.RunBriefly(); // each takes its first step, and falls asleep
        Assert.That(loop.AllTasks(), Has.Count.EqualTo(sleepers));
        long after = ManagedHeap.Measure();
        while (wakes.Count < sleepers)
        {
            loop.RunOnce();
        }

        Assert.That((after - before) / sleepers, Is.LessThanOrEqualTo(BytesMax));
        Assert.That(wakes.OutOfOrder, Is.Zero);
        Assert.That(wakes.Early, Is.Zero);
        Assert.That(loop.AllTasks(), Is.Empty);
    }

    /// <summary>Notes each awakening; deadlines rise, and of equal ones the numbers.</summary>
    private sealed class Wakes(EventLoop loop)
    {
        private (TimeSpan When, int Number) _last;

        public int Count { get; private set; }

        public int OutOfOrder { get; private set; }

        public int Early { get; private set; }

        public async Coroutine Sleep(int number, TimeSpan delay)
        {
            TimeSpan when = loop.Time + delay;
            await EventLoop.Delay(delay);
            Early += loop.Time < when ? 1 : 0;
            OutOfOrder += (when, number).CompareTo(_last) <= 0 ? 1 : 0;
            _last = (when, number);
            Count++;
        }
    }
}
