using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statements G01 to G09: waiting for a set of futures.</summary>
public sealed class G_WaitTests : LoopFixture
{
    [Test]
    public void G01_wait_returns_the_done_and_the_pending_when_all_are_done()
    {
        Run(async () =>
        {
            LoopTask<int>[] tasks = [Sleeper(2), Sleeper(1), Sleeper(3)];

            var (done, pending) = await EventLoop.Wait(tasks);
            Assert.That(done, Is.EqualTo(tasks));
            Assert.That(pending, Is.Empty);
            Assert.That(Seconds, Is.EqualTo(3));

            (done, pending) = await EventLoop.Wait(tasks);
            Assert.That(done, Is.EqualTo(tasks));
            Assert.That(pending, Is.Empty);
            Assert.That(Seconds, Is.EqualTo(3), "done again takes no time");
        });
    }

    [Test]
    public void G02_three_tasks_of_one_second_finish_in_one_second()
    {
        int sum = Run(async () =>
        {
            var (done, _) = await EventLoop.Wait(
                [EventLoop.Spawn(Slow(1)), EventLoop.Spawn(Slow(2)), EventLoop.Spawn(Slow(3))]);
            return done.Sum(task => task.Result);
        });

        Assert.That(sum, Is.EqualTo(6));
        Assert.That(Seconds, Is.EqualTo(1));

        static async Coroutine<int> Slow(int n)
        {
            await EventLoop.Delay(S(1));
            return n;
        }
    }

    [Test]
    public void G03_any_sequence_is_taken_and_duplicates_count_once()
    {
        Run(async () =>
        {
            LoopTask<int> one = Sleeper(1);
            LoopTask<int> two = Sleeper(2);
            IEnumerable<LoopTask<int>> Lazily()
            {
                yield return one;
                yield return two;
                yield return one;
            }

            var (done, pending) = await EventLoop.Wait(Lazily());
            Assert.That(done, Is.EqualTo(new[] { one, two }));
            (done, pending) = await EventLoop.Wait(new HashSet<LoopTask<int>> { two });
            Assert.That(done, Is.EqualTo(new[] { two }));
            (done, pending) = await EventLoop.Wait(new Queue<LoopTask<int>>([one, one]));
            Assert.That(done, Is.EqualTo(new[] { one }));
            Assert.That(pending, Is.Empty);
        });
    }

    [Test]
    public void G03_an_empty_set_null_and_a_bad_mode_are_argument_errors()
    {
        // A single future and bare coroutines are no sequences of futures: the compiler says so.
        Assert.That(() => Run(async () => { await EventLoop.Wait(Array.Empty<Future>()); }),
            Throws.ArgumentException);
        Assert.That(() => Run(async () => { await EventLoop.Wait<Future>(null!); }),
            Throws.ArgumentNullException);
        Promise<int> future = Loop.CreateFuture<int>();
        Assert.That(() => Run(async () => { await EventLoop.Wait([future], (WaitUntil)17); }),
            Throws.ArgumentException);
        Assert.That(future.IsDone, Is.False);
    }

    [Test]
    public void G04_first_completed_returns_at_the_first_and_the_others_go_on()
    {
        Run(async () =>
        {
            LoopTask<int> slow = Sleeper(5);
            LoopTask<int> fast = Sleeper(1);

            var (done, pending) = await EventLoop.Wait([slow, fast], WaitUntil.FirstCompleted);

            Assert.That(done, Is.EqualTo(new[] { fast }));
            Assert.That(pending, Is.EqualTo(new[] { slow }));
            Assert.That(Seconds, Is.EqualTo(1));
            Assert.That(await slow, Is.EqualTo(5));
        });
    }

    [Test]
    public void G04_first_completed_returns_at_once_if_one_is_done()
    {
        Run(async () =>
        {
            Promise<int> done = new();
            Promise<int> pending = new();
            done.SetResult(1);

            var result = await EventLoop.Wait([pending, done], WaitUntil.FirstCompleted);

            Assert.That(result.Done, Is.EqualTo(new[] { done }));
            Assert.That(result.Pending, Is.EqualTo(new[] { pending }));
        });
    }

    [Test]
    public void G05_one_that_is_done_but_whose_callback_has_not_run_counts_as_done()
    {
        Run(async () =>
        {
            Promise<int> first = new();
            Promise<int> second = new();
            Loop.CallSoon(first.SetResult, 1);
            // Runs when the callback of the first has run and the waiter has not gone on yet.
            Loop.CallSoon(() => Loop.CallSoon(second.SetResult, 2));

            var (done, pending) = await EventLoop.Wait([first, second], WaitUntil.FirstCompleted);

            Assert.That(done, Is.EqualTo(new[] { first, second }));
            Assert.That(pending, Is.Empty);
        });
    }

    [Test]
    public void G06_first_exception_returns_early_for_an_exception()
    {
        Run(async () =>
        {
            LoopTask<int> failing = EventLoop.Spawn(FailAfter(1));
            LoopTask<int> slow = Sleeper(5);

            var (done, pending) = await EventLoop.Wait([slow, failing], WaitUntil.FirstException);

            Assert.That(done, Is.EqualTo(new[] { failing }));
            Assert.That(pending, Is.EqualTo(new[] { slow }));
            Assert.That(Seconds, Is.EqualTo(1));
            Assert.That(failing.Exception, Is.TypeOf<FormatException>());
            await slow;
        });
    }

    [Test]
    public void G06_first_exception_waits_for_all_if_one_is_only_cancelled()
    {
        Run(async () =>
        {
            LoopTask<int> doomed = Sleeper(5);
            LoopTask<int> slow = Sleeper(3);
            Loop.CallLater(S(1), () => doomed.Cancel());

            var (done, pending) = await EventLoop.Wait([doomed, slow], WaitUntil.FirstException);

            Assert.That(done, Is.EqualTo(new[] { doomed, slow }));
            Assert.That(pending, Is.Empty);
            Assert.That(Seconds, Is.EqualTo(3));
        });
    }

    [Test]
    public void G06_first_exception_returns_at_once_if_one_has_failed_already()
    {
        Run(async () =>
        {
            Promise<int> failed = new();
            Promise<int> pending = new();
            failed.SetException(new FormatException());

            var result = await EventLoop.Wait([pending, failed], WaitUntil.FirstException);

            Assert.That(result.Done, Is.EqualTo(new[] { failed }));
            Assert.That(failed.Exception, Is.Not.Null);
        });
    }

    [Test]
    public void G07_wait_throws_neither_the_exceptions_nor_on_timeout()
    {
        Run(async () =>
        {
            LoopTask<int> failing = EventLoop.Spawn(FailAfter(1));
            LoopTask<int> slow = Sleeper(5);

            var (done, pending) = await EventLoop.Wait([failing, slow], timeout: S(2));

            Assert.That(done, Is.EqualTo(new[] { failing }));
            Assert.That(pending, Is.EqualTo(new[] { slow }));
            Assert.That(Seconds, Is.EqualTo(2));
            Assert.That(failing.Exception, Is.Not.Null);
            Assert.That(slow.Cancelling, Is.Zero);
            await slow;
        });
    }

    [Test]
    public void G07_waiting_is_not_fetching_the_exception()
    {
        Run(async () => { await EventLoop.Wait([EventLoop.Spawn(FailAfter(1))]); });

        Assert.That(
            CloseAndTakeReports().Single().Message,
            Does.StartWith("Task exception was never retrieved"));
    }

    [TestCase(0)]
    [TestCase(-5)]
    public void G07_a_timeout_of_nothing_returns_what_is_done_now(double timeout)
    {
        Run(async () =>
        {
            Promise<int> done = new();
            Promise<int> open = new();
            done.SetResult(1);

            var result = await EventLoop.Wait([done, open], timeout: S(timeout));

            Assert.That(result.Done, Is.EqualTo(new[] { done }));
            Assert.That(result.Pending, Is.EqualTo(new[] { open }));
            Assert.That(Seconds, Is.Zero);
        });
    }

    [Test]
    public void G07_the_longest_timeout_means_for_ever()
    {
        Run(async () =>
        {
            var (done, _) = await EventLoop.Wait([Sleeper(1)], timeout: TimeSpan.MaxValue);
            Assert.That(done, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public void G08_one_that_finishes_at_the_instant_of_the_timeout_but_registered_first_is_done()
    {
        Run(async () =>
        {
            LoopTask<int> task = Sleeper(1);
            await EventLoop.Yield(); // so that its timer is booked before that of the wait

            var (done, pending) = await EventLoop.Wait([task], timeout: S(1));

            Assert.That(done, Is.EqualTo(new[] { task }));
            Assert.That(pending, Is.Empty);
        });
    }

    [Test]
    public void G09_cancelling_the_waiter_does_not_cancel_the_tasks()
    {
        Run(async () =>
        {
            LoopTask<int> task = Sleeper(5);
            var waiter = EventLoop.Spawn(EventLoop.Wait([task], timeout: S(60)));
            await EventLoop.Delay(S(1));
            waiter.Cancel();
            await EventLoop.Wait([waiter]);

            Assert.That(waiter.IsCancelled, Is.True);
            Assert.That(task.IsDone, Is.False);
            Assert.That(task.Cancelling, Is.Zero);
            Assert.That(task.ToString(), Does.Not.Contain("cb="), "no callback is left on it");
            Assert.That(await task, Is.EqualTo(5));
        });
        Assert.That(Seconds, Is.EqualTo(5), "the timer of the wait is gone");
    }

    private static LoopTask<int> Sleeper(int seconds)
    {
        return EventLoop.Spawn(Sleep());

        async Coroutine<int> Sleep() => await Later(S(seconds), seconds);
    }

    private static async Coroutine<int> FailAfter(int seconds)
    {
        await EventLoop.Delay(S(seconds));
        throw new FormatException();
    }
}
