using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements E08 to E14, E21 and E22: what a task is, which one runs, and how it ends.
/// </summary>
public sealed class E_TaskTests : LoopFixture
{
    [Test]
    public void E08_a_task_cannot_be_completed_by_hand()
    {
        LoopTask<int> task = Loop.CreateTask(Five());

        // Only a promise has setters, and a task is none.
        Assert.That(task, Is.Not.InstanceOf<Promise<int>>());
        Assert.That(
            typeof(LoopTask<int>).GetMethods().Select(method => method.Name),
            Has.None.Contains("Set"));
        Assert.That(
            typeof(Promise<int>).GetMethods().Select(method => method.Name),
            Is.SupersetOf(
                new[] { "SetResult", "SetException", "TrySetResult", "TrySetException" }));
        Assert.That(Loop.RunUntilComplete(task), Is.EqualTo(5));
    }

    [Test]
    public void E09_default_names_count_from_task_1()
    {
        LoopTask<int> first = Loop.CreateTask(Five());
        LoopTask<int> second = Loop.CreateTask(Five());

        Assert.That(first.Name, Is.EqualTo("Task-1"));
        Assert.That(second.Name, Is.EqualTo("Task-2"));
        Loop.RunUntilComplete(second);
    }

    [Test]
    public void E09_names_can_be_given_and_changed()
    {
        LoopTask<int> task = Loop.CreateTask(Five(), "reader");
        Assert.That(task.Name, Is.EqualTo("reader"));

        task.Name = "writer";
        Assert.That(task.Name, Is.EqualTo("writer"));
        Assert.That(Run(async () => EventLoop.Spawn(Five(), "spawned")).Name,
            Is.EqualTo("spawned"));
        RunTurns(3);
    }

    [Test]
    public void E10_current_is_the_running_task_inside_a_step_and_null_outside()
    {
        Loop.CallSoon(() => Assert.That(LoopTask.Current, Is.Null));
        LoopTask<int> a = null!;
        LoopTask<int> b = null!;
        a = Loop.CreateTask(Check(() => a));
        b = Loop.CreateTask(Check(() => b));

        Loop.RunUntilComplete(a);
        Loop.RunUntilComplete(b);

        Assert.That(Story, Is.EqualTo("checked checked checked checked checked checked"));

        async Coroutine<int> Check(Func<LoopTask<int>> self)
        {
            for (int i = 0; i < 3; i++)
            {
                Assert.That(LoopTask.Current, Is.SameAs(self()));
                Loop.CallSoon(() => Assert.That(LoopTask.Current, Is.Null));
                Tell("checked");
                await EventLoop.Yield();
            }

            return 0;
        }
    }

    [Test]
    public void E10_current_is_right_in_a_done_callback_and_after_a_failed_task()
    {
        LoopTask<int> failing = Loop.CreateTask(Fail());
        failing.AddDoneCallback(done =>
        {
            Assert.That(LoopTask.Current, Is.Null);
            Assert.That(done.Exception, Is.Not.Null);
            Tell("checked");
        });

        RunTurns(3);

        Assert.That(Story, Is.EqualTo("checked"));
    }

    [Test]
    public void E11_asking_for_the_current_task_without_a_running_loop_throws() =>
        Assert.That(() => LoopTask.Current, Throws.InvalidOperationException);

    [Test]
    public void E12_entering_a_task_while_another_runs_throws()
    {
        TaskStep other = null!;
        Run(async () =>
        {
            other = Loop.RunningStep!;
            await EventLoop.Yield();
        });
        Run(async () =>
        {
            Assert.That(() => Loop.EnterTask(other), Throws.InvalidOperationException
                .With.Message.Contains("while another task"));
            Assert.That(() => Loop.LeaveTask(other), Throws.InvalidOperationException
                .With.Message.Contains("does not match the current task"));
        });
        Assert.That(() => Loop.LeaveTask(other), Throws.InvalidOperationException);
    }

    [Test]
    public void E13_tasks_are_the_unfinished_ones_of_that_loop_only()
    {
        using EventLoop other = NewLoop();
        LoopTask<int> mine = Loop.CreateTask(Five());
        LoopTask<int> also = Loop.CreateTask(Five());
        LoopTask<int> theirs = other.CreateTask(Five());

        Assert.That(Loop.AllTasks(), Is.EquivalentTo(new[] { mine, also }));
        Assert.That(other.AllTasks(), Is.EqualTo(new[] { theirs }));

        Loop.RunUntilComplete(mine);
        Loop.RunUntilComplete(also);
        other.RunUntilComplete(theirs);
        Assert.That(Loop.AllTasks(), Is.Empty);
        Assert.That(other.AllTasks(), Is.Empty);
    }

    [Test]
    public void E14_a_pending_task_is_reported_when_the_loop_closes()
    {
        LoopTask<int> lost = Loop.CreateTask(WaitForEver(), "lost-one");
        RunTurns(1);

        LoopErrorContext report = CloseAndTakeReports().Single();

        Assert.That(report.Message, Does.StartWith("Task was destroyed but it is pending!"));
        Assert.That(report.Message, Does.Contain("lost-one"));
        Assert.That(report.Future, Is.SameAs(lost));
    }

    [Test]
    public void E14_a_pending_task_that_nobody_refers_to_is_not_collected()
    {
        Loop.CallSoon(() => EventLoop.Spawn(WaitForEver()));
        RunTurns(2);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.That(Loop.AllTasks(), Has.Count.EqualTo(1));
        Assert.That(CloseAndTakeReports(), Has.Length.EqualTo(1));
    }

    [TestCase(1)]
    [TestCase(3_000)]
    public void E14_after_the_close_the_loop_has_no_tasks(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Loop.CreateTask(WaitForEver());
        }

        RunTurns(1);
        Assert.That(CloseAndTakeReports(), Has.Length.EqualTo(count));

        Assert.That(Loop.AllTasks(), Is.Empty);
    }

    [Test]
    public void E21_an_exception_ends_the_task_and_is_stored_not_thrown_into_the_loop()
    {
        LoopTask<int> task = Loop.CreateTask(Fail());

        Assert.That(() => RunTurns(2), Throws.Nothing);

        Assert.That(task.IsDone, Is.True);
        Assert.That(task.IsCancelled, Is.False);
        Assert.That(task.Exception, Is.TypeOf<FormatException>());
        Assert.That(CloseAndTakeReports(), Is.Empty);
    }

    [Test]
    public void E21_an_unfetched_exception_of_a_task_is_reported()
    {
        LoopTask<int> task = Loop.CreateTask(Fail());
        RunTurns(2);

        LoopErrorContext report = CloseAndTakeReports().Single();

        Assert.That(report.Message, Does.StartWith("Task exception was never retrieved"));
        Assert.That(report.Exception, Is.TypeOf<FormatException>());
        Assert.That(report.Future, Is.SameAs(task));
    }

    [Test]
    public void E22_an_abort_is_stored_and_leaves_the_loop()
    {
        var abort = new LoopAbortException("enough");
        LoopTask task = Loop.CreateTask(Abort());

        Assert.That(Loop.RunForever, Throws.Exception.SameAs(abort));

        Assert.That(task.IsDone, Is.True);
        Assert.That(task.Exception, Is.SameAs(abort));
        Assert.That(LoopTaskIsNull(), Is.True);

        async Coroutine Abort()
        {
            await EventLoop.Yield();
            throw abort;
        }
    }

    [Test]
    public void E22_an_abort_wakes_who_awaits_the_task_in_the_next_run()
    {
        LoopTask aborting = Loop.CreateTask(Abort());
        LoopTask waiter = Loop.CreateTask(Catch());
        Assert.That(Loop.RunForever, Throws.TypeOf<LoopAbortException>());

        Loop.RunUntilComplete(waiter);

        Assert.That(Story, Is.EqualTo("caught"));

        static async Coroutine Abort()
        {
            await EventLoop.Yield();
            throw new LoopAbortException();
        }

        async Coroutine Catch()
        {
            try
            {
                await aborting;
            }
            catch (LoopAbortException)
            {
                Tell("caught");
            }
        }
    }

    private static async Coroutine<int> Five()
    {
        await EventLoop.Yield();
        return 5;
    }

    private static async Coroutine<int> Fail()
    {
        await EventLoop.Yield();
        throw new FormatException();
    }

    private static async Coroutine<int> WaitForEver() => await new Promise<int>();

    private bool LoopTaskIsNull()
    {
        bool isNull = false;
        Loop.CallSoon(() => isNull = LoopTask.Current is null);
        RunTurns(1);
        return isNull;
    }
}
