using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// A source that lives as long as the process, and waits for it that end early: nothing of them may
/// remain. Each way of leaving a wait is taken 10,000 times against one source, and the heap after
/// them is compared with the heap after the first 1,000.
/// </summary>
[NonParallelizable]
public sealed class LongLivedSourceTests : LoopFixture
{
    private const int RoundsBefore = 1_000;
    private const int Rounds = 10_000;
    private const int GrowthMax = 8 * 1024;

    /// <summary>
    /// The runtime's own work beside the test may add to the heap once. A leak of one byte a round
    /// is larger than the limit, and shows in each attempt.
    /// </summary>
    private const int AttemptsMax = 3;

    private TaskCompletionSource<int> _source = null!;

    [SetUp]
    public void MakeSource()
    {
        Driver.KeepsRecord = false;
        _source = new TaskCompletionSource<int>();
    }

    [Test]
    public void A_cancelled_OnLoop_leaves_nothing_on_the_task() =>
        AssertNothingRemains(() =>
        {
            _source.Task.OnLoop().Cancel();
        });

    [Test]
    public void A_cancelled_OnLoop_leaves_nothing_on_a_task_without_a_result() =>
        AssertNothingRemains(() =>
        {
            ((Task)_source.Task).OnLoop().Cancel();
        });

    [Test]
    public void A_cancelled_Ensure_leaves_nothing_on_the_task() =>
        AssertNothingRemains(() =>
        {
            EventLoop.Ensure(_source.Task).Cancel();
            EventLoop.Ensure((Task)_source.Task).Cancel();
        });

    [Test]
    public void An_OnLoop_that_was_set_by_hand_leaves_nothing_on_the_task() =>
        AssertNothingRemains(() =>
        {
            _source.Task.OnLoop().SetResult(1);
            _source.Task.OnLoop().Cancel();
        });

    [Test]
    public void A_cancelled_task_leaves_nothing_on_the_task_that_it_awaited() =>
        AssertNothingRemains(async () =>
        {
            LoopTask<int> waiter = EventLoop.Spawn(Await(_source.Task.OnLoop()));
            await EventLoop.Yield();
            waiter.Cancel();
            await EventLoop.Wait([waiter]);
        });

    private static async Coroutine<int> Await(Future<int> future) => await future;

    private void AssertNothingRemains(Action round) =>
        AssertNothingRemains(async () =>
        {
            round();
            await EventLoop.Yield();
        });

    private void AssertNothingRemains(Func<Coroutine> round)
    {
        long growth = 0;
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            Run(() => Repeat(round, RoundsBefore));
            long before = GC.GetTotalMemory(forceFullCollection: true);
            Run(() => Repeat(round, Rounds - RoundsBefore));
            growth = GC.GetTotalMemory(forceFullCollection: true) - before;
            if (growth <= GrowthMax)
            {
                break;
            }
        }

        Assert.That(growth, Is.LessThanOrEqualTo(GrowthMax), "bytes that remain");
        Assert.That(_source.Task.IsCompleted, Is.False);
        GC.KeepAlive(_source);
    }

    private static async Coroutine Repeat(Func<Coroutine> round, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await round();
        }
    }
}
