using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements F01 to F11: where and when a cancellation arrives, and what it does.
/// </summary>
public sealed class F_CancellationTests : LoopFixture
{
    [Test]
    public void F01_cancelled_before_its_first_step_the_body_never_runs()
    {
        LoopTask task = Loop.CreateTask(Body());
        task.Cancel("too early");
        Assert.That(task.IsDone, Is.False);

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>()
            .With.Message.EqualTo("too early"));
        Assert.That(task.IsCancelled, Is.True);
        Assert.That(Story, Is.Empty);

        async Coroutine Body()
        {
            Tell("ran");
            await EventLoop.Yield();
        }
    }

    [Test]
    public void F02_while_waiting_the_awaited_future_is_cancelled_and_it_throws_in_the_next_turn()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        LoopTask task = Loop.CreateTask(Catch(async () => { await future; }));
        RunTurns(1);

        Loop.CallSoon(() =>
        {
            task.Cancel();
            Assert.That(future.IsCancelled, Is.True);
            Assert.That(task.IsCancelled, Is.False);
            Tell($"cancel:{Turns}");
        });
        RunTurns(2);

        Assert.That(Story, Is.EqualTo("cancel:2 caught:3"));
        Assert.That(task.IsDone, Is.True);
    }

    [Test]
    public void F03_catch_and_return_makes_the_task_succeed()
    {
        LoopTask task = Loop.CreateTask(Catch(async () => await EventLoop.Delay(S(9))));
        RunTurns(1);
        task.Cancel();

        Loop.RunUntilComplete(task);

        Assert.That(task.IsCancelled, Is.False);
        Assert.That(task.Exception, Is.Null);
    }

    [Test]
    public void F03_catch_and_go_on_goes_on()
    {
        LoopTask<string> task = Loop.CreateTask(Stubborn());
        RunTurns(1);
        task.Cancel();

        Assert.That(Loop.RunUntilComplete(task), Is.EqualTo("done"));
        Assert.That(Seconds, Is.EqualTo(3));
        Assert.That(task.Cancelling, Is.EqualTo(1));

        async Coroutine<string> Stubborn()
        {
            await Catch(async () => await EventLoop.Delay(S(9)));
            await EventLoop.Delay(S(3));
            return "done";
        }
    }

    [Test]
    public void F04_a_task_that_cancels_itself_gets_it_at_its_next_suspension()
    {
        Run(async () =>
        {
            LoopTask.Current!.Cancel();
            Tell("goes-on");
            var done = new Promise<int>();
            done.SetResult(1);
            await done;
            await Nothing();
            Tell("no-suspension-yet");
            await Catch(async () => await EventLoop.Delay(S(9)));
        });

        Assert.That(Story, Does.StartWith("goes-on no-suspension-yet caught:"));
        Assert.That(Seconds, Is.Zero);
    }

    [Test]
    public void F05_if_it_returns_without_another_suspension_it_ends_cancelled()
    {
        LoopTask<int> task = Loop.CreateTask(CancelSelf());

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>());
        Assert.That(task.IsCancelled, Is.True);

        static async Coroutine<int> CancelSelf()
        {
            LoopTask.Current!.Cancel();
            return 1;
        }
    }

    [Test]
    public void F06_if_it_next_awaits_another_task_that_and_its_future_are_cancelled()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        LoopTask<int> inner = Loop.CreateTask(Await(future));
        RunTurns(1);
        LoopTask<int> outer = Loop.CreateTask(CancelSelf());

        Assert.That(() => Loop.RunUntilComplete(outer), Throws.TypeOf<LoopCanceledException>());

        Assert.That(future.IsCancelled, Is.True);
        Assert.That(inner.IsCancelled, Is.True);
        Assert.That(outer.IsCancelled, Is.True);

        async Coroutine<int> CancelSelf()
        {
            LoopTask.Current!.Cancel();
            return await inner;
        }
    }

    [Test]
    public void F07_cancelling_the_awaited_future_cancels_the_awaiting_task()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        LoopTask<int> task = Loop.CreateTask(Await(future));
        RunTurns(1);

        future.Cancel();
        RunTurns(1);

        Assert.That(task.IsCancelled, Is.True);
        Assert.That(task.Cancelling, Is.Zero);
    }

    [Test]
    public void F07_unless_it_is_caught()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        LoopTask task = Loop.CreateTask(Catch(async () => { await future; }));
        RunTurns(1);

        future.Cancel();
        RunTurns(1);

        Assert.That(task.IsDone, Is.True);
        Assert.That(task.IsCancelled, Is.False);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void F07_cancelling_both_is_fine(bool isFutureFirst)
    {
        Promise<int> future = Loop.CreateFuture<int>();
        int caught = 0;
        LoopTask task = Loop.CreateTask(CountAndGoOn());
        RunTurns(1);

        if (isFutureFirst)
        {
            future.Cancel();
            Assert.That(task.Cancel(), Is.True);
        }
        else
        {
            Assert.That(task.Cancel(), Is.True);
            Assert.That(future.Cancel(), Is.False);
        }

        Loop.RunUntilComplete(task);
        Assert.That(caught, Is.EqualTo(1), "it is one cancellation, not two");

        async Coroutine CountAndGoOn()
        {
            try
            {
                await future;
            }
            catch (LoopCanceledException)
            {
                caught++;
            }

            await Catch(async () => await EventLoop.Yield());
            Assert.That(Story, Is.Empty);
        }
    }

    [Test]
    public void F08_cancelled_during_a_yield_it_gets_the_cancellation_there()
    {
        LoopTask task = Loop.CreateTask(Catch(async () => await EventLoop.Yield()));
        RunTurns(1);
        task.Cancel();
        RunTurns(1);

        Assert.That(Story, Is.EqualTo("caught:2"));
    }

    [Test]
    public void F09_if_the_future_is_done_but_the_task_has_not_resumed_the_result_is_lost()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        LoopTask<int> task = Loop.CreateTask(Await(future));
        RunTurns(1);

        future.SetResult(1);
        Assert.That(task.Cancel(), Is.True);
        RunTurns(1);

        Assert.That(task.IsCancelled, Is.True);
        Assert.That(future.Result, Is.EqualTo(1));
    }

    [Test]
    public void F09_a_sleep_that_is_over_but_has_not_resumed_throws_too()
    {
        LoopTask task = null!;
        Loop.CallLater(S(1), () => task.Cancel());
        task = Loop.CreateTask(Catch(async () => await EventLoop.Delay(S(1))));

        Loop.RunUntilComplete(task);

        Assert.That(Story, Does.StartWith("caught:"));
    }

    [Test]
    public void F11_cancel_of_a_done_task_says_false()
    {
        LoopTask task = Loop.CreateTask(Nothing());
        Loop.RunUntilComplete(task);

        Assert.That(task.Cancel(), Is.False);
        Assert.That(task.Cancelling, Is.Zero);
        Assert.That(task.IsCancelled, Is.False);
    }

    [Test]
    public void F11_cancel_of_a_pending_task_says_true_every_time_and_counts()
    {
        LoopTask task = Loop.CreateTask(Catch(async () => await EventLoop.Delay(S(9))));
        for (int i = 1; i <= 2; i++)
        {
            RunTurns(i == 1 ? 1 : 0);
            Assert.That(task.Cancel(), Is.True);
            Assert.That(task.Cancelling, Is.EqualTo(i));
        }

        RunTurns(1);
        Assert.That(task.IsDone, Is.True);
        Assert.That(Story, Is.EqualTo("caught:2"), "it arrives once");
    }

    private async Coroutine Catch(Func<Coroutine> body)
    {
        try
        {
            await body();
        }
        catch (LoopCanceledException)
        {
            Tell($"caught:{Turns}");
        }
    }

    private static async Coroutine<int> Await(Future<int> future) => await future;

    private static async Coroutine Nothing()
    {
    }
}
