using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements B01 to B11 and B18: running a loop, stopping it, and how a run ends.
/// </summary>
public sealed class B_RunTests : LoopFixture
{
    [Test]
    public void B01_while_running_the_loop_is_current_on_its_thread_and_nothing_is_afterwards()
    {
        Assert.That(Loop.IsRunning, Is.False);
        Loop.CallSoon(() =>
        {
            Assert.That(Loop.IsRunning, Is.True);
            Assert.That(EventLoop.Current, Is.SameAs(Loop));
            Tell("checked");
        });

        RunTurns(1);

        Assert.That(Story, Is.EqualTo("checked"));
        AssertNothingRuns();
    }

    [Test]
    public void B01_an_exception_that_leaves_the_run_resets_them_too()
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        Loop.CallSoon(() => throw new LoopAbortException());

        Assert.That(Loop.RunForever, Throws.TypeOf<LoopAbortException>());

        AssertNothingRuns();
        Assert.That(SynchronizationContext.Current, Is.SameAs(before));
    }

    [Test]
    public void B02_running_a_running_loop_throws()
    {
        Loop.CallSoon(() =>
        {
            Assert.That(Loop.RunForever, Throws.InvalidOperationException
                .With.Message.Contains("already running"));
            Assert.That(Loop.RunOnce, Throws.InvalidOperationException
                .With.Message.Contains("already running"));
            Assert.That(() => Loop.RunUntilComplete(Loop.CreateFuture<int>()),
                Throws.InvalidOperationException.With.Message.Contains("already running"));
        });

        RunTurns(1);
    }

    [Test]
    public void B02_running_another_loop_on_the_same_thread_throws()
    {
        using EventLoop other = NewLoop();
        Loop.CallSoon(() => Assert.That(other.RunForever, Throws.InvalidOperationException
            .With.Message.Contains("while another loop is running")));

        RunTurns(1);

        Assert.That(other.IsRunning, Is.False);
    }

    [Test]
    public void B02_a_refused_run_of_a_running_loop_does_not_disturb_the_run()
    {
        Loop.CallSoon(() =>
        {
            Assert.That(Loop.RunBriefly, Throws.InvalidOperationException);
            Assert.That(EventLoop.Current, Is.SameAs(Loop));
            Loop.CallSoon(() => Loop.CallSoon(() =>
            {
                Tell("still-running");
                Loop.Stop();
            }));
        });

        Loop.RunForever();

        Assert.That(Story, Is.EqualTo("still-running"));
    }

    [Test]
    public void B03_stop_lets_the_batch_finish_and_keeps_what_it_queued_for_the_next_run()
    {
        Loop.CallSoon(() =>
        {
            Loop.Stop();
            Loop.CallSoon(Tell, "next-run");
        });
        Loop.CallSoon(Tell, "same-batch");

        Loop.RunForever();
        Assert.That(Story, Is.EqualTo("same-batch"));

        RunTurns(1);
        Assert.That(Story, Is.EqualTo("same-batch next-run"));
    }

    [Test]
    public void B04_stop_before_the_run_makes_exactly_one_turn_that_does_not_wait()
    {
        Loop.CallSoon(() =>
        {
            Tell("once");
            Loop.CallSoon(Tell, "twice");
        });
        Loop.Stop();

        Loop.RunForever();

        Assert.That(Story, Is.EqualTo("once"));
        Assert.That(Driver.Polls, Has.Count.EqualTo(1));
        Assert.That(Driver.LastPoll.IsWithoutWait, Is.True);
    }

    [Test]
    public void B05_the_stop_flag_is_cleared_so_the_loop_can_run_again()
    {
        Loop.Stop();
        Loop.RunForever();
        Loop.CallLater(S(1), Tell, "waited");
        Loop.CallLater(S(2), Loop.Stop);

        Loop.RunForever();

        Assert.That(Story, Is.EqualTo("waited"));
    }

    [Test]
    public void B07_run_until_complete_returns_the_result()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        Loop.CallLater(S(1), future.SetResult, 42);

        Assert.That(Loop.RunUntilComplete(future), Is.EqualTo(42));
        Assert.That(Loop.RunUntilComplete(Text()), Is.EqualTo("done"));

        static async Coroutine<string> Text()
        {
            await EventLoop.Yield();
            return "done";
        }
    }

    [Test]
    public void B07_run_until_complete_throws_the_stored_exception()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        Loop.CallLater(S(1), future.SetException, new FormatException("stored"));

        Assert.That(() => Loop.RunUntilComplete(future),
            Throws.TypeOf<FormatException>().With.Message.EqualTo("stored"));
        Assert.That(() => Run(async () => throw new FormatException("thrown")),
            Throws.TypeOf<FormatException>());
    }

    [Test]
    public void B08_a_loop_that_stops_first_throws_and_the_task_can_be_run_on()
    {
        LoopTask<int> task = Loop.CreateTask(Sleep());
        Loop.CallLater(S(1), Loop.Stop);

        Assert.That(() => Loop.RunUntilComplete(task), Throws.InvalidOperationException
            .With.Message.EqualTo("Event loop stopped before Future completed."));
        Assert.That(task.IsDone, Is.False);
        Assert.That(Loop.RunUntilComplete(task), Is.EqualTo(7));
        Assert.That(Seconds, Is.EqualTo(3));

        static async Coroutine<int> Sleep()
        {
            await EventLoop.Delay(S(3));
            return 7;
        }
    }

    [Test]
    public void B09_a_future_of_another_loop_is_an_argument_error()
    {
        // What cannot be awaited at all is refused by the compiler.
        using EventLoop other = NewLoop();
        Promise<int> future = other.CreateFuture<int>();

        Assert.That(() => Loop.RunUntilComplete(future), Throws.ArgumentException);
    }

    [Test]
    public void B10_after_an_abnormal_end_the_orphan_does_not_stop_a_later_run()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        Loop.CallSoon(() => throw new LoopAbortException());
        Assert.That(() => Loop.RunUntilComplete(future), Throws.TypeOf<LoopAbortException>());

        future.SetResult(1);
        Loop.CallLater(S(1), Tell, "waited");
        Loop.CallLater(S(2), Loop.Stop);
        Loop.RunForever();

        Assert.That(Story, Is.EqualTo("waited"));
    }

    [Test]
    public void B11_an_abort_in_a_callback_leaves_the_run_at_once()
    {
        Loop.CallSoon(() => throw new LoopAbortException("now"));
        Loop.CallSoon(Tell, "rest-of-the-batch");

        Assert.That(Loop.RunForever, Throws.TypeOf<LoopAbortException>());
        Assert.That(Story, Is.Empty);

        RunTurns(1);
        Assert.That(Story, Is.EqualTo("rest-of-the-batch"));
    }

    [Test]
    public void B11_an_abort_in_the_main_task_leaves_no_pending_stop_and_no_report()
    {
        var abort = new LoopAbortException("now");
        Assert.That(() => Run(async () => throw abort), Throws.Exception.SameAs(abort));

        Loop.CallLater(S(1), Tell, "waited");
        Loop.CallLater(S(2), Loop.Stop);
        Loop.RunForever();

        Assert.That(Story, Is.EqualTo("waited"));
        Assert.That(CloseAndTakeReports(), Is.Empty);
    }

    [Test]
    public void B18_a_foreign_loop_can_drive_the_turns()
    {
        Loop.CallSoon(Tell, "once");
        Loop.Stop(); // so that no turn waits, as there is nothing to wait for

        Loop.BeginRun();
        Assert.That(Loop.IsRunning, Is.True);
        Assert.That(EventLoop.Current, Is.SameAs(Loop));
        for (int i = 0; i < 10; i++)
        {
            Loop.RunOnce();
        }

        Loop.EndRun();

        AssertNothingRuns();
        Assert.That(Turns, Is.EqualTo(10));
        Assert.That(Story, Is.EqualTo("once"));
    }

    [Test]
    public void B18_ending_a_run_that_never_began_leaves_the_running_loop_alone()
    {
        using EventLoop other = NewLoop();
        Loop.CallSoon(() =>
        {
            other.EndRun();
            Assert.That(EventLoop.TryGetCurrent(), Is.SameAs(Loop));
        });

        RunTurns(1);
    }

    private void AssertNothingRuns()
    {
        Assert.That(Loop.IsRunning, Is.False);
        Assert.That(EventLoop.TryGetCurrent(), Is.Null);
        Assert.That(() => EventLoop.Current, Throws.InvalidOperationException);
    }
}
