using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Cancelling one of several tasks that wait for each other. Each asks what it waits for to become
/// cancelled; in a cycle that has no end, and a full stack ends the process.
/// </summary>
public sealed class CancelledCycleTests : LoopFixture
{
    [Test]
    public void Cancelling_one_of_a_cycle_ends_them_all([Values(2, 3)] int count)
    {
        var tasks = new List<LoopTask<int>>();
        for (int i = 0; i < count; i++)
        {
            int next = (i + 1) % count;
            tasks.Add(Loop.CreateTask(Await(() => tasks[next])));
        }

        RunTurns(1);
        Assert.That(tasks[0].Cancel("enough"), Is.True);
        RunTurns(count + 1);

        Assert.That(tasks.Select(task => task.IsCancelled), Is.All.True);
        Assert.That(tasks.Select(task => task.Cancelling), Is.All.EqualTo(1));
        Assert.That(
            Assert.Catch<LoopCanceledException>(() => _ = tasks[0].Result)!.Message,
            Is.EqualTo("enough"));
    }

    [Test]
    public void Cancelling_twice_in_a_turn_counts_twice_and_ends_them_all()
    {
        LoopTask<int> a = null!;
        LoopTask<int> b = null!;
        a = Loop.CreateTask(Await(() => b));
        b = Loop.CreateTask(Await(() => a));
        RunTurns(1);

        a.Cancel();
        a.Cancel();
        Assert.That(a.Cancelling, Is.EqualTo(2));
        RunTurns(4);

        Assert.That(a.IsCancelled && b.IsCancelled, Is.True);
    }

    [Test]
    public void A_cycle_through_a_gather_and_one_through_a_shield_end_too()
    {
        LoopTask<int> a = null!;
        LoopTask<int> b = null!;
        a = Loop.CreateTask(AwaitAll(() => [b]));
        b = Loop.CreateTask(Await(() => a));
        RunTurns(1);
        a.Cancel();
        RunTurns(5);
        Assert.That(a.IsCancelled && b.IsCancelled, Is.True);

        a = Loop.CreateTask(Await(() => b.Shield()));
        b = Loop.CreateTask(Await(() => a));
        RunTurns(1);
        b.Cancel();
        RunTurns(5);
        Assert.That(a.IsCancelled && b.IsCancelled, Is.True);
    }

    [Test]
    public void One_that_catches_its_cancellation_goes_on_and_is_woken_once()
    {
        LoopTask<int> a = null!;
        LoopTask<int> b = null!;
        a = Loop.CreateTask(Await(() => b));
        b = Loop.CreateTask(Catch());
        RunTurns(1);

        a.Cancel();
        RunTurns(5);

        Assert.That(b.Result, Is.EqualTo(7));
        Assert.That(a.Result, Is.EqualTo(7), "what it waited for took the cancellation for it");
        Assert.That(Story, Is.EqualTo("caught resumed"));

        async Coroutine<int> Catch()
        {
            try
            {
                return await a;
            }
            catch (LoopCanceledException)
            {
                Tell("caught");
            }

            await EventLoop.Yield();
            Tell("resumed");
            return 7;
        }
    }

    private static async Coroutine<int> Await(Func<Future<int>> other) => await other();

    private static async Coroutine<int> AwaitAll(Func<LoopTask<int>[]> others) =>
        (await EventLoop.WhenAll(others()))[0];
}
