using Reactor.Sync;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statements K08 and K10: the semaphore.</summary>
public sealed class K_SemaphoreTests : LoopFixture
{
    [Test]
    public void K08_those_who_wait_are_served_in_the_order_they_came()
    {
        var semaphore = new AsyncSemaphore(2);
        Take(semaphore, "a");
        Take(semaphore, "b");
        Take(semaphore, "c");
        Take(semaphore, "d");
        RunTurns(1);
        Assert.That(Story, Is.EqualTo("a b"));
        Assert.That(semaphore.IsLocked, Is.True);

        semaphore.Release();
        semaphore.Release();
        RunTurns(1);

        Assert.That(Story, Is.EqualTo("a b c d"));
        Assert.That(semaphore.CurrentCount, Is.Zero);
    }

    [Test]
    public void K08_a_newcomer_does_not_overtake_one_that_was_woken()
    {
        var semaphore = new AsyncSemaphore(0);
        Take(semaphore, "waiting");
        RunTurns(1);

        // The woken one stands behind the newcomer in the ready queue.
        Take(semaphore, "newcomer");
        semaphore.Release();
        semaphore.Release();
        Assert.That(semaphore.IsLocked, Is.True, "one is woken and has not run");
        Assert.That(semaphore.TryAcquire(), Is.False);
        RunTurns(2);

        Assert.That(Story, Is.EqualTo("waiting newcomer"));
    }

    [Test]
    public void K08_locked_is_true_while_someone_woken_has_not_run()
    {
        var semaphore = new AsyncSemaphore(0);
        Take(semaphore, "a");
        RunTurns(1);
        semaphore.Release();
        semaphore.Release();
        Assert.That(semaphore.CurrentCount, Is.EqualTo(1));
        Assert.That(semaphore.IsLocked, Is.True);

        RunTurns(1);

        Assert.That(semaphore.CurrentCount, Is.EqualTo(1));
        Assert.That(semaphore.IsLocked, Is.False);
    }

    [Test]
    public void K08_a_free_place_is_taken_without_suspending()
    {
        Run(async () =>
        {
            var semaphore = new AsyncSemaphore(2);
            int before = Turns;
            using (await semaphore.AcquireAsync())
            using (await semaphore.AcquireAsync())
            {
                Assert.That(semaphore.CurrentCount, Is.Zero);
                Assert.That(semaphore.TryAcquire(), Is.False);
            }

            Assert.That(Turns, Is.EqualTo(before));
            Assert.That(semaphore.CurrentCount, Is.EqualTo(2));
        });
    }

    [Test]
    public void K08_a_cancelled_waiter_leaves_no_trace()
    {
        var semaphore = new AsyncSemaphore(0);
        LoopTask cancelled = Take(semaphore, "a");
        Take(semaphore, "b");
        RunTurns(1);

        cancelled.Cancel();
        semaphore.Release();
        RunTurns(1);

        Assert.That(cancelled.IsCancelled, Is.True);
        Assert.That(Story, Is.EqualTo("b"));
        Assert.That(semaphore.CurrentCount, Is.Zero);
    }

    [Test]
    public void K08_a_waiter_that_is_woken_and_cancelled_gives_its_place_to_the_next()
    {
        var semaphore = new AsyncSemaphore(0);
        LoopTask cancelled = Take(semaphore, "a");
        Take(semaphore, "b");
        RunTurns(1);

        semaphore.Release();
        cancelled.Cancel();
        RunTurns(2);

        Assert.That(cancelled.IsCancelled, Is.True);
        Assert.That(Story, Is.EqualTo("b"));
    }

    [Test]
    public void K08_the_last_one_woken_and_cancelled_leaves_its_place_free()
    {
        var semaphore = new AsyncSemaphore(0);
        LoopTask cancelled = Take(semaphore, "a");
        RunTurns(1);

        semaphore.Release();
        cancelled.Cancel();
        RunTurns(1);

        Assert.That(semaphore.CurrentCount, Is.EqualTo(1));
        Assert.That(semaphore.IsLocked, Is.False);
    }

    [Test]
    public void K08_newcomers_behind_a_woken_one_that_is_cancelled_are_not_forgotten()
    {
        var semaphore = new AsyncSemaphore(0);
        LoopTask cancelled = Take(semaphore, "a");
        RunTurns(1);
        semaphore.Release();
        semaphore.Release();
        Take(semaphore, "b");
        Take(semaphore, "c");
        cancelled.Cancel();
        RunTurns(3);
        Assert.That(Story, Is.EqualTo("b c"));
    }

    [Test]
    public void K10_a_negative_start_is_rejected()
    {
        Assert.That(() => new AsyncSemaphore(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => new AsyncSemaphore(3, 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(new AsyncSemaphore(0).IsLocked, Is.True);
    }

    [Test]
    public void K10_a_bounded_one_throws_on_too_many_releases()
    {
        var bounded = new AsyncSemaphore(1, max: 1);
        Assert.That(bounded.Release, Throws.TypeOf<SemaphoreFullException>());
        Assert.That(bounded.TryAcquire(), Is.True);
        bounded.Release();
        Assert.That(bounded.Release, Throws.TypeOf<SemaphoreFullException>());
        Assert.That(bounded.CurrentCount, Is.EqualTo(1));
    }

    [Test]
    public void K10_an_unbounded_one_grows()
    {
        var semaphore = new AsyncSemaphore();
        semaphore.Release();
        semaphore.Release();
        Assert.That(semaphore.CurrentCount, Is.EqualTo(3));
    }

    private LoopTask Take(AsyncSemaphore semaphore, string name)
    {
        return Loop.CreateTask(Enter());

        async Coroutine Enter()
        {
            await semaphore.AcquireAsync();
            Tell(name);
        }
    }
}
