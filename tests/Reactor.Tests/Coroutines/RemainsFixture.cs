using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// For tests of what waits leave behind: the heap is measured after a tenth of the rounds and after
/// all of them.
/// </summary>
public abstract class RemainsFixture : LoopFixture
{
    private const int Rounds = 10_000;
    private const int GrowthMax = 8 * 1024;

    /// <summary>
    /// The runtime's own work beside the test may add to the heap once. A leak of one byte a round
    /// is larger than the limit, and shows in each attempt.
    /// </summary>
    private const int AttemptsMax = 5;

    [SetUp]
    public void KeepNoRecord() => Driver.KeepsRecord = false;

    /// <summary>Makes rounds, with a turn of the loop after each.</summary>
    protected void AssertNothingRemains(Action round) =>
        AssertNothingRemains(async () =>
        {
            round();
            await EventLoop.Yield();
        });

    /// <summary>
    /// The heap after all rounds is no larger than after the first tenth of them.
    /// </summary>
    protected void AssertNothingRemains(Func<Coroutine> round, int rounds = Rounds)
    {
        long growth = 0;
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            Run(() => Repeat(round, rounds / 10));
            long before = ManagedHeap.Measure();
            Run(() => Repeat(round, rounds - (rounds / 10)));
            growth = ManagedHeap.Measure() - before;
            if (growth <= GrowthMax)
            {
                break;
            }
        }

        Assert.That(growth, Is.LessThanOrEqualTo(GrowthMax), "bytes that remain");
    }

    private static async Coroutine Repeat(Func<Coroutine> round, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await round();
        }
    }
}
