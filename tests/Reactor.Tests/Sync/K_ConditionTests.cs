using Reactor.Sync;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statements K05 to K07: the condition.</summary>
public sealed class K_ConditionTests : LoopFixture
{
    private AsyncCondition _condition = null!;

    [SetUp]
    public void MakeCondition() => _condition = new AsyncCondition();

    [Test]
    public void K05_wait_and_notify_need_the_lock()
    {
        Assert.That(() => Run(async () => await _condition.WaitAsync()),
            Throws.InvalidOperationException.With.Message.Contains("un-acquired"));
        Assert.That(() => _condition.Notify(), Throws.InvalidOperationException);
        Assert.That(() => _condition.NotifyAll(), Throws.InvalidOperationException);
        Assert.That(_condition.Lock.IsLocked, Is.False);
    }

    [Test]
    public void K05_wait_releases_the_lock_and_takes_it_again()
    {
        LoopTask waiter = Await("a");
        RunTurns(1);
        Assert.That(_condition.Lock.IsLocked, Is.False, "it waits without the lock");

        Notify(1);
        RunTurns(1);

        Assert.That(Story, Is.EqualTo("a"), "it tells under the lock");
        Assert.That(waiter.IsDone, Is.True);
        Assert.That(_condition.Lock.IsLocked, Is.False);
    }

    [Test]
    public void K05_notify_wakes_as_many_as_asked_for_in_order()
    {
        Await("a");
        Await("b");
        Await("c");
        Await("d");
        RunTurns(1);

        Notify(1);
        RunTurns(3);
        Assert.That(Story, Is.EqualTo("a"));
        Notify(2);
        RunTurns(4);
        Assert.That(Story, Is.EqualTo("a b c"));
        Notify(int.MaxValue);
        RunTurns(2);
        Assert.That(Story, Is.EqualTo("a b c d"));
        Notify(5);
        RunTurns(1);
        Assert.That(_condition.Lock.IsLocked, Is.False);
    }

    [Test]
    public void K05_a_notified_waiter_does_not_run_before_the_notifier_gives_the_lock_back()
    {
        Await("woken");
        RunTurns(1);
        Run(async () =>
        {
            using (await _condition.Lock.AcquireAsync())
            {
                _condition.NotifyAll();
                await EventLoop.Delay(S(1));
                Tell("released");
            }

            await EventLoop.Yield();
            await EventLoop.Yield();
        });
        Assert.That(Story, Is.EqualTo("released woken"));
    }

    [Test]
    public void K05_wait_for_asks_at_once_and_after_each_notification()
    {
        int value = 0;
        LoopTask waiter = Loop.CreateTask(WaitForThree());
        RunTurns(1);
        for (int i = 1; i <= 3; i++)
        {
            Assert.That(waiter.IsDone, Is.False);
            value = i;
            Notify(1);
            RunTurns(2);
        }

        Assert.That(waiter.IsDone, Is.True);
        Assert.That(Story, Is.EqualTo("0 1 2 3 three"));
        int before = Turns;
        Run(async () =>
        {
            using (await _condition.Lock.AcquireAsync())
            {
                await _condition.WaitForAsync(() => true);
            }
        });
        Assert.That(Turns - before, Is.EqualTo(2), "one for the body, one for the end of the run");

        async Coroutine WaitForThree()
        {
            using (await _condition.Lock.AcquireAsync())
            {
                await _condition.WaitForAsync(() =>
                {
                    Tell(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
                    return value == 3;
                });
                Tell("three");
            }
        }
    }

    [Test]
    public void K06_cancelled_while_it_waits_it_takes_the_free_lock_and_throws()
    {
        LoopTask waiter = Await("a");
        RunTurns(1);

        waiter.Cancel("stop");
        Assert.That(_condition.Lock.TryAcquire(), Is.False, "it is promised to the cancelled one");
        RunTurns(1);

        Assert.That(Story, Is.EqualTo("held:stop"));
        Assert.That(waiter.IsCancelled, Is.True);
        Assert.That(_condition.Lock.IsLocked, Is.False);
    }

    [Test]
    public void K06_cancelled_while_the_lock_is_taken_it_first_waits_for_the_lock()
    {
        LoopTask waiter = Await("a");
        RunTurns(1);
        _condition.Lock.TryAcquire();

        waiter.Cancel("stop");
        RunTurns(3);
        Assert.That(waiter.IsDone, Is.False);
        Assert.That(Story, Is.Empty);

        _condition.Lock.Release();
        RunTurns(1);
        Assert.That(Story, Is.EqualTo("held:stop"));
        Assert.That(waiter.IsCancelled, Is.True);
        Assert.That(_condition.Lock.IsLocked, Is.False);
    }

    [Test]
    public void K06_cancelled_twice_while_it_takes_the_lock_it_throws_the_latest()
    {
        LoopTask waiter = Await("a");
        RunTurns(1);
        _condition.Lock.TryAcquire();
        waiter.Cancel("first");
        RunTurns(1);
        waiter.Cancel("second");
        RunTurns(1);

        _condition.Lock.Release();
        RunTurns(1);

        Assert.That(Story, Is.EqualTo("held:second"));
    }

    [Test]
    public void K06_notified_and_cancelled_before_it_has_the_lock_it_passes_the_notification_on()
    {
        LoopTask first = Await("a");
        Await("b");
        RunTurns(1);
        _condition.Lock.TryAcquire();
        _condition.Notify();
        first.Cancel("stop");
        RunTurns(2);
        _condition.Lock.Release();
        RunTurns(2);

        Assert.That(first.IsCancelled, Is.True);
        Assert.That(Story, Is.EqualTo("held:stop b"));
        Assert.That(_condition.Lock.IsLocked, Is.False);
    }

    [Test]
    public void K06_notified_with_the_lock_promised_and_cancelled_it_passes_the_notification_on()
    {
        LoopTask first = Await("a");
        Await("b");
        RunTurns(1);
        Notify(1);
        first.Cancel("stop");
        RunTurns(3);

        Assert.That(first.IsCancelled, Is.True);
        Assert.That(Story, Is.EqualTo("held:stop b"));
        Assert.That(_condition.Lock.IsLocked, Is.False);
    }

    [Test]
    public void K06_cancelled_before_it_could_be_notified_it_takes_no_notification()
    {
        LoopTask first = Await("a");
        Await("b");
        RunTurns(1);
        _condition.Lock.TryAcquire();
        first.Cancel("stop");
        _condition.Notify();
        _condition.Lock.Release();
        RunTurns(3);
        Assert.That(Story, Is.EqualTo("held:stop b"));
    }

    [Test]
    public void K06_a_task_with_a_cancellation_pending_gets_it_at_the_wait_with_the_lock_held()
    {
        LoopTask task = Loop.CreateTask(Body());
        RunTurns(3);
        Assert.That(Story, Is.EqualTo("held"));
        Assert.That(task.IsCancelled, Is.True);
        Assert.That(_condition.Lock.IsLocked, Is.False);

        async Coroutine Body()
        {
            using (await _condition.Lock.AcquireAsync())
            {
                LoopTask.Current!.Cancel();
                try
                {
                    await _condition.WaitAsync();
                }
                finally
                {
                    Tell(_condition.Lock.IsLocked ? "held" : "free");
                }
            }
        }
    }

    [Test]
    public void K07_several_conditions_share_a_given_lock()
    {
        var shared = new AsyncLock();
        var first = new AsyncCondition(shared);
        var second = new AsyncCondition(shared);
        Assert.That(first.Lock, Is.SameAs(shared));
        Await("first", first);
        Await("second", second);
        RunTurns(1);

        shared.TryAcquire();
        second.NotifyAll();
        shared.Release();
        RunTurns(2);

        Assert.That(Story, Is.EqualTo("second"));
        shared.TryAcquire();
        first.NotifyAll();
        shared.Release();
        RunTurns(1);
        Assert.That(Story, Is.EqualTo("second first"));
    }

    [Test]
    public void K07_a_lock_of_another_loop_is_refused()
    {
        var bound = new AsyncLock();
        bound.TryAcquire();
        using EventLoop other = NewLoop();
        LoopTask waiter = other.CreateTask(Take());
        other.RunBriefly();
        waiter.Cancel();
        other.RunBriefly();
        other.RunBriefly();

        var condition = new AsyncCondition(bound);
        Assert.That(() => Run(async () => await condition.WaitAsync()),
            Throws.InvalidOperationException.With.Message.Contains("AsyncLock is bound to"));
        Assert.That(bound.IsLocked, Is.True, "it was not given back");

        async Coroutine Take() => await bound.AcquireAsync();
    }

    private void Notify(int count)
    {
        Assert.That(_condition.Lock.TryAcquire(), Is.True);
        _condition.Notify(count);
        _condition.Lock.Release();
    }

    private LoopTask Await(string name, AsyncCondition? condition = null)
    {
        return Loop.CreateTask(Wait(condition ?? _condition));

        async Coroutine Wait(AsyncCondition condition)
        {
            using (await condition.Lock.AcquireAsync())
            {
                try
                {
                    await condition.WaitAsync();
                    Tell(name);
                }
                catch (LoopCanceledException error)
                {
                    Tell($"{(condition.Lock.IsLocked ? "held" : "free")}:{error.Message}");
                    throw;
                }
            }
        }
    }
}
