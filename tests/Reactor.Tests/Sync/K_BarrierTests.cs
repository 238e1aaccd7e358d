using Reactor.Sync;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statements K11 and K12: the barrier.</summary>
public sealed class K_BarrierTests : LoopFixture
{
    [Test]
    public void K11_all_go_on_together_each_with_its_own_index()
    {
        var barrier = new AsyncBarrier(3);
        LoopTask<int>[] tasks = [Pass(barrier), Pass(barrier)];
        RunTurns(3);
        Assert.That(barrier.WaitingCount, Is.EqualTo(2));
        Assert.That(tasks.Any(task => task.IsDone), Is.False);

        LoopTask<int> last = Pass(barrier);
        RunTurns(2);

        Assert.That(tasks.Append(last).Select(task => task.Result), Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(barrier.WaitingCount, Is.Zero);
        Assert.That(barrier.Parties, Is.EqualTo(3));
    }

    [Test]
    public void K11_a_barrier_of_one_never_suspends()
    {
        Run(async () =>
        {
            var barrier = new AsyncBarrier(1);
            int before = Turns;
            Assert.That(await barrier.WaitAsync(), Is.Zero);
            Assert.That(await barrier.WaitAsync(), Is.Zero);
            Assert.That(Turns, Is.EqualTo(before));
        });
        Assert.That(() => new AsyncBarrier(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void K11_it_can_be_used_again_and_again()
    {
        var barrier = new AsyncBarrier(3);
        int[] passed = new int[3];
        Run(async () =>
        {
            LoopTask[] tasks = [.. Enumerable.Range(0, 3).Select(i => EventLoop.Spawn(Rounds(i)))];
            await EventLoop.Wait(tasks);
            Assert.That(tasks.Select(task => task.Exception), Is.All.Null);
        });
        Assert.That(passed, Is.All.EqualTo(5));

        async Coroutine Rounds(int me)
        {
            for (int round = 0; round < 5; round++)
            {
                await EventLoop.Delay(S(me));
                await barrier.WaitAsync();
                passed[me]++;
                Assert.That(passed.Max() - passed.Min(), Is.LessThanOrEqualTo(1));
            }
        }
    }

    [Test]
    public void K11_reset_breaks_those_who_wait_and_leaves_an_empty_barrier()
    {
        var barrier = new AsyncBarrier(3);
        LoopTask<int>[] broken = [Pass(barrier), Pass(barrier)];
        RunTurns(1);

        barrier.Reset();
        Assert.That(barrier.IsBroken, Is.False);
        LoopTask<int>[] fresh = [Pass(barrier), Pass(barrier), Pass(barrier)];
        RunTurns(3);

        Assert.That(broken.Select(task => task.Exception), Is.All.TypeOf<BrokenBarrierException>());
        Assert.That(fresh.Select(task => task.Result), Is.EqualTo(new[] { 0, 1, 2 }));
    }

    [Test]
    public void K11_reset_of_an_empty_barrier_changes_nothing()
    {
        var barrier = new AsyncBarrier(2);
        barrier.Reset();
        LoopTask<int>[] tasks = [Pass(barrier), Pass(barrier)];
        RunTurns(3);
        Assert.That(tasks.Select(task => task.Result), Is.EqualTo(new[] { 0, 1 }));
    }

    [Test]
    public void K11_abort_breaks_those_who_wait_and_those_who_come_until_reset()
    {
        var barrier = new AsyncBarrier(2);
        LoopTask<int> waiting = Pass(barrier);
        RunTurns(1);

        barrier.Abort();
        Assert.That(barrier.IsBroken, Is.True);
        LoopTask<int> late = Pass(barrier);
        RunTurns(2);
        Assert.That(waiting.Exception, Is.TypeOf<BrokenBarrierException>());
        Assert.That(late.Exception, Is.TypeOf<BrokenBarrierException>());

        barrier.Reset();
        Assert.That(barrier.IsBroken, Is.False);
        LoopTask<int>[] fresh = [Pass(barrier), Pass(barrier)];
        RunTurns(2);
        Assert.That(fresh.Select(task => task.Result), Is.EqualTo(new[] { 0, 1 }));
    }

    [Test]
    public void K11_a_reset_or_an_abort_while_it_drains_breaks_those_who_have_not_run()
    {
        foreach (Action<AsyncBarrier> spoil in
            new Action<AsyncBarrier>[] { barrier => barrier.Reset(), barrier => barrier.Abort() })
        {
            var barrier = new AsyncBarrier(3);
            LoopTask<int>[] waiting = [Pass(barrier), Pass(barrier)];
            RunTurns(1);
            LoopTask<int> last = Pass(barrier);
            Loop.CallSoon(spoil, barrier);
            RunTurns(2);

            Assert.That(last.Result, Is.EqualTo(2), "it was through");
            Assert.That(waiting.Select(task => task.Exception),
                Is.All.TypeOf<BrokenBarrierException>());
            barrier.Reset();
            LoopTask<int>[] fresh = [Pass(barrier), Pass(barrier), Pass(barrier)];
            RunTurns(3);
            Assert.That(fresh.Select(task => task.Result), Is.EqualTo(new[] { 0, 1, 2 }));
        }
    }

    [Test]
    public void K12_newcomers_wait_while_it_drains()
    {
        var barrier = new AsyncBarrier(2);
        LoopTask<int> first = Pass(barrier);
        RunTurns(1);
        LoopTask<int> second = Pass(barrier);
        LoopTask<int> newcomer = Pass(barrier); // runs in the turn of the second, before the first
        RunTurns(1);
        Assert.That(second.Result, Is.EqualTo(1));
        Assert.That(barrier.WaitingCount, Is.Zero, "the newcomer has not arrived");

        RunTurns(3);
        Assert.That(first.Result, Is.Zero);
        Assert.That(newcomer.IsDone, Is.False);
        Assert.That(barrier.WaitingCount, Is.EqualTo(1), "now it has");

        LoopTask<int> fourth = Pass(barrier);
        RunTurns(3);
        Assert.That(newcomer.Result, Is.Zero);
        Assert.That(fourth.Result, Is.EqualTo(1));
    }

    [Test]
    public void K12_many_newcomers_pass_in_rounds()
    {
        var barrier = new AsyncBarrier(3);
        LoopTask<int>[] tasks = [.. Enumerable.Range(0, 12).Select(_ => Pass(barrier))];
        RunTurns(12);
        Assert.That(tasks.Select(task => task.IsDone), Is.All.True);
        Assert.That(tasks.GroupBy(task => task.Result).Select(group => group.Count()),
            Is.EqualTo(new[] { 4, 4, 4 }));
    }

    [Test]
    public void K12_a_cancelled_waiter_gives_its_place_back()
    {
        var barrier = new AsyncBarrier(3);
        LoopTask<int> cancelled = Pass(barrier);
        LoopTask<int> second = Pass(barrier);
        RunTurns(1);
        cancelled.Cancel();
        RunTurns(1);
        Assert.That(barrier.WaitingCount, Is.EqualTo(1));

        LoopTask<int> third = Pass(barrier);
        RunTurns(2);
        Assert.That(second.IsDone, Is.False, "two of three");
        LoopTask<int> fourth = Pass(barrier);
        RunTurns(2);

        Assert.That(new[] { second, third, fourth }.Select(task => task.Result),
            Is.EqualTo(new[] { 0, 1, 2 }), "each with its own");
    }

    [Test]
    public void K12_one_let_go_and_cancelled_does_not_stop_the_others_nor_the_next_round()
    {
        var barrier = new AsyncBarrier(3);
        LoopTask<int> cancelled = Pass(barrier);
        LoopTask<int> second = Pass(barrier);
        RunTurns(1);
        LoopTask<int> third = Pass(barrier);
        Loop.CallSoon(() => cancelled.Cancel());
        RunTurns(2);

        Assert.That(cancelled.IsCancelled, Is.True);
        Assert.That(second.Result, Is.EqualTo(1));
        Assert.That(third.Result, Is.EqualTo(2));
        LoopTask<int>[] fresh = [Pass(barrier), Pass(barrier), Pass(barrier)];
        RunTurns(3);
        Assert.That(fresh.Select(task => task.Result), Is.EqualTo(new[] { 0, 1, 2 }));
    }

    [Test]
    public void K12_newcomers_outlive_a_reset_of_the_round_before_theirs()
    {
        var barrier = new AsyncBarrier(2);
        LoopTask<int> first = Pass(barrier);
        RunTurns(1);
        LoopTask<int> second = Pass(barrier);
        LoopTask<int> newcomer = Pass(barrier);
        RunTurns(1);
        barrier.Reset();
        RunTurns(3);
        Assert.That(first.Exception, Is.TypeOf<BrokenBarrierException>());
        Assert.That(second.Result, Is.EqualTo(1));

        LoopTask<int> fourth = Pass(barrier);
        RunTurns(3);
        Assert.That(newcomer.Result, Is.Zero);
        Assert.That(fourth.Result, Is.EqualTo(1));
    }

    private LoopTask<int> Pass(AsyncBarrier barrier)
    {
        return Loop.CreateTask(Wait());

        async Coroutine<int> Wait() => await barrier.WaitAsync();
    }
}
