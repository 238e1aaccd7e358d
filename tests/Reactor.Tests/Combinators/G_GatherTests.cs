using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statements G10 to G16: all of several futures, tasks or coroutines.</summary>
public sealed class G_GatherTests : LoopFixture
{
    [Test]
    public void G10_results_come_in_the_order_of_the_arguments_whatever_finishes_first()
    {
        int[] results = Run(async () =>
            await EventLoop.WhenAll([Slow(3, 3), Slow(1, 1), Slow(2, 2)]));

        Assert.That(results, Is.EqualTo(new[] { 3, 1, 2 }));
        Assert.That(Seconds, Is.EqualTo(3), "they wait at the same time");
    }

    [Test]
    public void G15_a_waiter_cancelled_when_the_children_have_just_ended_is_woken_once()
    {
        Promise<int> child = Loop.CreateFuture<int>();
        LoopTask<int[]> waiter = Loop.CreateTask(WaitFor(EventLoop.WhenAll([child])));
        RunTurns(1);
        child.SetResult(1); // which the future of all of them learns in the next turn
        waiter.Cancel();
        RunTurns(3);

        Assert.That(waiter.IsCancelled, Is.True);

        static async Coroutine<int[]> WaitFor(Future<int[]> all) => await all;
    }

    [Test]
    public void G10_futures_tasks_and_lazy_sequences_are_taken()
    {
        Run(async () =>
        {
            Promise<int> future = new();
            LoopTask<int> task = EventLoop.Spawn(Slow(1, 1));
            Loop.CallLater(S(2), future.SetResult, 2);
            IEnumerable<LoopTask<int>> Lazily()
            {
                yield return task;
            }

            Assert.That(await EventLoop.WhenAll([future, task]), Is.EqualTo(new[] { 2, 1 }));
            Assert.That(await EventLoop.WhenAll(Lazily()), Is.EqualTo(new[] { 1 }));
        });
    }

    [Test]
    public void G10_separate_arguments_give_a_tuple_in_which_each_has_its_type()
    {
        Run(async () =>
        {
            (int a, string b) = await EventLoop.WhenAll(Slow(2, 1), Slow(1, "two"));
            Assert.That((a, b), Is.EqualTo((1, "two")));
            var three = await EventLoop.WhenAll(Slow(1, 1), Slow(1, "two"), Slow(1, 3.0));
            Assert.That(three, Is.EqualTo((1, "two", 3.0)));
            var four = await EventLoop.WhenAll(
                EventLoop.Spawn(Slow(1, 1)),
                EventLoop.Spawn(Slow(1, "two")),
                EventLoop.Spawn(Slow(1, 3.0)),
                EventLoop.Spawn(Slow(1, '4')));
            Assert.That(four, Is.EqualTo((1, "two", 3.0, '4')));
        });
        Assert.That(Seconds, Is.EqualTo(4), "2 s, 1 s and 1 s");
    }

    [Test]
    public void G10_coroutines_without_results_are_taken()
    {
        Run(async () => { await EventLoop.WhenAll(Note("a", 2), Note("b", 1)); });

        Assert.That(Story, Is.EqualTo("b a"));
        Assert.That(Seconds, Is.EqualTo(2));
    }

    [Test]
    public void G10_when_all_are_done_already_it_is_done_at_once()
    {
        Promise<int> done = Loop.CreateFuture<int>();
        done.SetResult(1);

        Assert.That(EventLoop.WhenAll([done, done]).IsDone, Is.True);
    }

    [Test]
    public void G11_the_first_exception_ends_it_at_once_and_the_others_go_on()
    {
        Run(async () =>
        {
            LoopTask<int> slow = EventLoop.Spawn(Slow(5, 5));
            Future<int[]> all = EventLoop.WhenAll([slow, EventLoop.Spawn(Fail(1))]);
            Assert.That(slow.ToString(), Does.Contain("cb="), "the gather waits for it");

            Assert.That(await Caught(all), Is.TypeOf<FormatException>());

            Assert.That(Seconds, Is.EqualTo(1));
            Assert.That(slow.IsDone, Is.False);
            Assert.That(slow.ToString(), Does.Not.Contain("cb="), "nothing waits for it now");
            Assert.That(await slow, Is.EqualTo(5));
        });
    }

    [Test]
    public void G11_errors_after_the_first_are_marked_fetched()
    {
        Run(async () =>
        {
            Future<int[]> all = EventLoop.WhenAll([Fail(1), Fail(2)]);
            Assert.That(await Caught(all), Is.TypeOf<FormatException>());
            await EventLoop.Delay(S(5));
        });

        Assert.That(CloseAndTakeReports(), Is.Empty);
    }

    [Test]
    public void G12_settled_has_exceptions_and_cancellations_in_the_list()
    {
        Outcome<int>[] outcomes = Run(async () =>
        {
            LoopTask<int> doomed = EventLoop.Spawn(Slow(9, 9));
            Loop.CallLater(S(2), () => doomed.Cancel("enough"));
            return await EventLoop.WhenAllSettled(
                [EventLoop.Spawn(Slow(3, 3)), EventLoop.Spawn(Fail(1)), doomed]);
        });

        Assert.That(Seconds, Is.EqualTo(3));
        Assert.That(
            outcomes.Select(one => one.IsSuccess), Is.EqualTo(new[] { true, false, false }));
        Assert.That(outcomes[0].Value, Is.EqualTo(3));
        Assert.That(outcomes[1].Exception, Is.TypeOf<FormatException>());
        Assert.That(() => outcomes[1].Value, Throws.TypeOf<FormatException>());
        Assert.That(outcomes[2].IsCancelled, Is.True);
        Assert.That(outcomes[2].Exception!.Message, Is.EqualTo("enough"));
        Assert.That(CloseAndTakeReports(), Is.Empty, "the error counts as fetched");
    }

    [Test]
    public void G12_settled_takes_coroutines_with_and_without_results()
    {
        Run(async () =>
        {
            Outcome<int>[] some = await EventLoop.WhenAllSettled([Slow(1, 1), Fail(1)]);
            Assert.That(some[0].Value, Is.EqualTo(1));
            Outcome<Unit>[] none = await EventLoop.WhenAllSettled(Note("a", 1), Note("b", 1));
            Assert.That(none.All(one => one.IsSuccess), Is.True);
        });
    }

    [Test]
    public void G13_a_cancelled_child_is_an_exception_of_the_outer_which_is_not_cancelled()
    {
        Run(async () =>
        {
            LoopTask<int> doomed = EventLoop.Spawn(Slow(9, 9));
            LoopTask<int> slow = EventLoop.Spawn(Slow(3, 3));
            Future<int[]> all = EventLoop.WhenAll([slow, doomed]);
            await EventLoop.Delay(S(1));
            doomed.Cancel("enough");

            Exception error = await Caught(all);

            Assert.That(error, Is.TypeOf<LoopCanceledException>());
            Assert.That(error.Message, Is.EqualTo("enough"));
            Assert.That(all.IsCancelled, Is.False);
            Assert.That(all.Exception, Is.TypeOf<LoopCanceledException>());
            Assert.That(slow.Cancelling, Is.Zero);
            await slow;
        });
    }

    [TestCase(false)]
    [TestCase(true)]
    public void G14_cancelling_the_outer_cancels_all_children_and_throws(bool isSettled)
    {
        Run(async () =>
        {
            LoopTask<int>[] tasks = [EventLoop.Spawn(Slow(5, 5)), EventLoop.Spawn(Slow(6, 6))];
            Future all = isSettled ? EventLoop.WhenAllSettled(tasks) : EventLoop.WhenAll(tasks);
            await EventLoop.Yield();

            Assert.That(all.Cancel(), Is.True);

            Assert.That(all.IsDone, Is.False, "the children end first");
            await EventLoop.Wait([all]);
            Assert.That(tasks.All(task => task.IsCancelled), Is.True);
            Assert.That(all.Exception, Is.TypeOf<LoopCanceledException>());
            Assert.That(Seconds, Is.Zero);
        });
    }

    [Test]
    public void G14_cancelling_the_waiting_task_cancels_all_children()
    {
        LoopTask<int>[] tasks = [Loop.CreateTask(Slow(5, 5)), Loop.CreateTask(Slow(6, 6))];
        LoopTask<Outcome<int>[]> waiter = Loop.CreateTask(Wait());
        Loop.CallLater(S(1), () => waiter.Cancel());

        Assert.That(() => Loop.RunUntilComplete(waiter), Throws.TypeOf<LoopCanceledException>());

        Assert.That(waiter.IsCancelled, Is.True);
        Assert.That(tasks.All(task => task.IsCancelled), Is.True);
        Assert.That(Seconds, Is.EqualTo(1));

        async Coroutine<Outcome<int>[]> Wait() => await EventLoop.WhenAllSettled(tasks);
    }

    [Test]
    public void G15_once_all_children_are_done_cancelling_the_outer_says_false()
    {
        Run(async () =>
        {
            Promise<int> child = new();
            Future<int[]> all = EventLoop.WhenAll([child]);
            child.SetResult(1);

            Assert.That(all.IsDone, Is.False, "the callback of the child has not run yet");
            Assert.That(all.Cancel(), Is.False);

            Assert.That(await all, Is.EqualTo(new[] { 1 }));
            Assert.That(all.Cancel(), Is.False);
        });
    }

    [Test]
    public void G16_the_same_coroutine_twice_runs_once_and_its_result_is_there_twice()
    {
        int runs = 0;
        Run(async () =>
        {
            Coroutine<int> call = Count();
            Assert.That(await EventLoop.WhenAll([call, call]), Is.EqualTo(new[] { 1, 1 }));
            Promise<int> future = Loop.CreateFuture<int>();
            future.SetResult(7);
            Assert.That(await EventLoop.WhenAll(future, future), Is.EqualTo((7, 7)));
        });

        async Coroutine<int> Count()
        {
            await EventLoop.Yield();
            return ++runs;
        }
    }

    [Test]
    public void G16_the_same_coroutine_as_two_arguments_is_no_second_await()
    {
        Run(async () =>
        {
            Coroutine<int> call = Slow(1, 5);
            Assert.That(await EventLoop.WhenAll(call, call), Is.EqualTo((5, 5)));
        });
    }

    [Test]
    public void G16_of_nothing_it_is_done_with_an_empty_list()
    {
        Run(async () =>
        {
            Future<int[]> none = EventLoop.WhenAll(Array.Empty<Future<int>>());
            Assert.That(none.IsDone, Is.True);
            Assert.That(await none, Is.Empty);
            Assert.That(await EventLoop.WhenAllSettled(new List<Coroutine<int>>()), Is.Empty);
        });
    }

    [Test]
    public void G16_futures_of_different_loops_are_an_argument_error()
    {
        using EventLoop other = NewLoop();
        Promise<int> ours = Loop.CreateFuture<int>();
        Promise<int> theirs = other.CreateFuture<int>();

        Assert.That(() => EventLoop.WhenAll([ours, theirs]), Throws.ArgumentException);
    }

    [Test]
    public void G16_without_a_loop_coroutines_cannot_become_tasks() =>
        Assert.That(() => EventLoop.WhenAll([Slow(1, 1)]), Throws.InvalidOperationException);

    private static async Coroutine<T> Slow<T>(int seconds, T value) =>
        await Later(S(seconds), value);

    private static async Coroutine<int> Fail(int seconds)
    {
        await EventLoop.Delay(S(seconds));
        throw new FormatException();
    }

    private async Coroutine Note(string what, int seconds)
    {
        await EventLoop.Delay(S(seconds));
        Tell(what);
    }

    private static async Coroutine<Exception> Caught<T>(Future<T> future)
    {
        try
        {
            await future;
        }
        catch (Exception error)
        {
            return error;
        }

        throw new AssertionException("nothing was thrown");
    }
}
