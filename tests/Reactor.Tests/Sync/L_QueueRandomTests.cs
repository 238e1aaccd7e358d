using Reactor.Sync;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// L04 and L05 by chance: takers and putters that are cancelled at any moment. What was put and not
/// cancelled is taken exactly once, and what was cancelled was not put.
/// </summary>
public sealed class L_QueueRandomTests : LoopFixture
{
    private const int Rounds = 60;
    private const int TasksPerRound = 40;

    private readonly HashSet<int> _put = [];
    private readonly List<int> _taken = [];

    [Test]
    public void L04_no_item_is_lost_or_doubled_whoever_is_cancelled()
    {
        Random random = TestSeed.NewRandom();
        for (int round = 0; round < Rounds; round++)
        {
            _put.Clear();
            _taken.Clear();
            int capacity = random.Next(0, 4);
            AsyncBuffer<int> buffer = random.Next(2) == 0
                ? new AsyncQueue<int>(capacity)
                : new AsyncStack<int>(capacity);
            RunRound(buffer, random);
        }
    }

    [Test]
    public void K08_no_place_is_lost_or_doubled_whoever_is_cancelled()
    {
        Random random = TestSeed.NewRandom();
        for (int round = 0; round < Rounds; round++)
        {
            int places = random.Next(1, 4);
            var semaphore = new AsyncSemaphore(places, places);
            var guard = new AsyncLock();
            var tasks = new List<LoopTask>();
            int inside = 0;
            for (int i = 0; i < TasksPerRound; i++)
            {
                tasks.Add(Loop.CreateTask(Enter(random.Next(3), random.Next(3))));
                Disturb(tasks, random);
            }

            RunTurns(TasksPerRound * 8);
            Assert.That(tasks.Select(task => task.IsDone), Is.All.True, "nobody waits for ever");
            Assert.That(tasks.Where(task => !task.IsCancelled).Select(task => task.Exception),
                Is.All.Null);
            Assert.That(semaphore.CurrentCount, Is.EqualTo(places));
            Assert.That(guard.IsLocked, Is.False);

            async Coroutine Enter(int before, int within)
            {
                await Pass(before);
                using (await semaphore.AcquireAsync())
                {
                    Assert.That(++inside, Is.LessThanOrEqualTo(places));
                    try
                    {
                        await Pass(within);
                        using (await guard.AcquireAsync())
                        {
                            await Pass(within);
                        }
                    }
                    finally
                    {
                        inside--;
                    }
                }
            }
        }
    }

    private void RunRound(AsyncBuffer<int> buffer, Random random)
    {
        var tasks = new List<LoopTask>();
        for (int i = 0; i < TasksPerRound; i++)
        {
            tasks.Add(Loop.CreateTask(random.Next(2) == 0
                ? Put(buffer, i, random.Next(3))
                : Take(buffer, random.Next(3))));
            Disturb(tasks, random);
        }

        // Whoever still waits gets a partner, until nobody does.
        for (int i = 0; i < TasksPerRound; i++)
        {
            RunTurns(2);
            if (buffer.TryTake(out int rest))
            {
                _taken.Add(rest);
            }
        }

        for (int item = 1000; tasks.Exists(task => !task.IsDone); item++)
        {
            Assert.That(item, Is.LessThan(1000 + TasksPerRound), "a taker waits beside an item");
            Assert.That(buffer.TryPut(item), Is.True);
            _put.Add(item);
            RunTurns(3);
        }

        while (buffer.TryTake(out int rest))
        {
            _taken.Add(rest);
        }

        Assert.That(buffer.Count, Is.Zero);
        Assert.That(_taken, Is.Unique);
        Assert.That(_taken, Is.EquivalentTo(_put));
    }

    /// <summary>Cancels somebody, runs a turn, both or neither.</summary>
    private void Disturb(List<LoopTask> tasks, Random random)
    {
        if (random.Next(3) == 0)
        {
            LoopTask victim = tasks[random.Next(tasks.Count)];
            victim.Cancel();
            if (random.Next(4) == 0)
            {
                victim.Uncancel();
            }
        }

        if (random.Next(3) == 0)
        {
            RunTurns(1);
        }
    }

    private async Coroutine Put(AsyncBuffer<int> buffer, int item, int turns)
    {
        await Pass(turns);
        await buffer.PutAsync(item);
        _put.Add(item);
    }

    private async Coroutine Take(AsyncBuffer<int> buffer, int turns)
    {
        await Pass(turns);
        _taken.Add(await buffer.TakeAsync());
    }

    private static async Coroutine Pass(int turns)
    {
        for (int i = 0; i < turns; i++)
        {
            await EventLoop.Yield();
        }
    }
}
