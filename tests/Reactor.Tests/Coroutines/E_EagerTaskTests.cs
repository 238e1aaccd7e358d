using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statements E25 to E29: tasks that begin inside CreateTask.</summary>
public sealed class E_EagerTaskTests : LoopFixture
{
    private readonly AsyncLocal<string?> _value = new();

    [SetUp]
    public void ClearValue() => _value.Value = null;

    [Test]
    public void E25_the_first_step_runs_inside_create_task()
    {
        Run(async () =>
        {
            Tell("before");
            LoopTask task = Loop.CreateTask(Two(), eager: true);
            Tell("after");
            Assert.That(task.IsDone, Is.False);
            await task;
        });

        Assert.That(Story, Is.EqualTo("before first after second"));
    }

    [Test]
    public void E25_one_that_never_suspends_is_done_on_return()
    {
        Run(async () =>
        {
            LoopTask<int> task = Loop.CreateTask(Now(), eager: true);
            Assert.That(task.IsDone, Is.True);
            Assert.That(task.Result, Is.EqualTo(7));
            Assert.That(Loop.AllTasks(), Has.Count.EqualTo(1), "only this one is left");

            LoopTask failed = Loop.CreateTask(Fail(), eager: true);
            Assert.That(failed.IsDone, Is.True);
            Assert.That(failed.Exception, Is.TypeOf<FormatException>());

            int before = Turns;
            Assert.That(await EventLoop.WhenAll([task, task]), Is.EqualTo(new[] { 7, 7 }));
            Assert.That(Turns, Is.EqualTo(before), "nobody had to wait");
        });

        static async Coroutine<int> Now() => 7;
    }

    [Test]
    public void E25_an_error_nobody_fetches_is_reported()
    {
        Run(async () => { _ = Loop.CreateTask(Fail(), eager: true); });
        Assert.That(CloseAndTakeReports().Single().Exception, Is.TypeOf<FormatException>());
    }

    [Test]
    public void E25_while_the_loop_does_not_run_the_first_step_waits_for_it()
    {
        LoopTask task = Loop.CreateTask(Two(), eager: true);
        Assert.That(Story, Is.Empty);
        Loop.RunUntilComplete(task);
        Assert.That(Story, Is.EqualTo("first second"));
    }

    [Test]
    public void E25_the_factory_makes_all_tasks_eager()
    {
        Loop.TaskFactory = new EagerTaskFactory();
        Run(async () =>
        {
            _ = EventLoop.Spawn(Two());
            Tell("after");
            await EventLoop.Yield();
        });

        Assert.That(Story, Is.EqualTo("first after second"));
    }

    [Test]
    public void E25_an_abort_in_the_eager_step_leaves_the_loop_and_all_is_as_it_was()
    {
        Assert.That(() => Run(Body), Throws.TypeOf<LoopAbortException>());
        Assert.That(Loop.AllTasks(), Is.Empty);
        Run(async () => { Assert.That(LoopTask.Current, Is.Not.Null); });

        async Coroutine Body()
        {
            await EventLoop.Yield();
            _ = Loop.CreateTask(Abort(), eager: true);
        }

        static async Coroutine Abort() => throw new LoopAbortException();
    }

    [Test]
    public void E26_if_it_suspends_it_goes_on_as_an_ordinary_task()
    {
        Run(async () =>
        {
            LoopTask<int> task = Loop.CreateTask(Sleep(2), eager: true);
            Assert.That(Loop.AllTasks(), Does.Contain(task));
            Assert.That(await task, Is.EqualTo(2));
            Assert.That(Seconds, Is.EqualTo(2));
        });
    }

    [Test]
    public void E26_the_current_task_is_switched_for_the_step_and_restored()
    {
        Run(async () =>
        {
            ILoopTask parent = LoopTask.Current!;
            ILoopTask? seen = null;
            ILoopTask? later = null;
            LoopTask task = Loop.CreateTask(Look(), name: "child", eager: true);

            Assert.That(seen!.Name, Is.EqualTo("child"));
            Assert.That(LoopTask.Current, Is.SameAs(parent));
            await task;
            Assert.That(later, Is.SameAs(task));

            async Coroutine Look()
            {
                seen = LoopTask.Current;
                await Loop.CreateTask(Nothing(), eager: true); // and once more inside
                Assert.That(LoopTask.Current, Is.SameAs(seen));
                await EventLoop.Yield();
                later = LoopTask.Current;
            }
        });
    }

    [Test]
    public void E26_in_a_plain_callback_there_is_no_task_before_and_after()
    {
        Loop.CallSoon(() =>
        {
            _ = Loop.CreateTask(Two(), eager: true);
            Tell(LoopTask.Current is null ? "none" : "wrong");
        });
        RunTurns(2);
        Assert.That(Story, Is.EqualTo("first none second"));
    }

    [Test]
    public void E27_context_writes_in_the_eager_step_stay_in_the_child()
    {
        Run(async () =>
        {
            _value.Value = "parent";
            LoopTask task = Loop.CreateTask(Write(), eager: true);
            Tell($"{_value.Value}");
            await task;
            Tell($"{_value.Value}");
        });

        Assert.That(Story, Is.EqualTo("parent parent child parent"));

        async Coroutine Write()
        {
            Tell($"{_value.Value}");
            _value.Value = "child";
            await EventLoop.Yield();
            Tell($"{_value.Value}");
        }
    }

    [Test]
    public void E27_a_context_given_is_used_and_one_that_is_shared_stays_shared()
    {
        var context = LoopContext.Capture();
        LoopTask parent = Loop.CreateTask(Parent(), context: context);
        Loop.RunUntilComplete(parent);
        Assert.That(Story, Is.EqualTo("parent child"));

        async Coroutine Parent()
        {
            _value.Value = "parent";
            _ = Loop.CreateTask(Child(), context: context, eager: true);
            Tell($"{_value.Value}");
            await EventLoop.Yield();
            Assert.That(_value.Value, Is.EqualTo("child"));
        }

        async Coroutine Child()
        {
            Tell($"{_value.Value}");
            _value.Value = "child";
        }
    }

    [Test]
    public void E28_cancel_after_eager_completion_has_no_effect()
    {
        Run(async () =>
        {
            LoopTask task = Loop.CreateTask(Nothing(), eager: true);
            Assert.That(task.Cancel(), Is.False);
            Assert.That(task.IsCancelled, Is.False);
            await task;
        });
    }

    [Test]
    public void E28_after_an_eager_step_that_blocked_it_works_with_its_message()
    {
        Run(async () =>
        {
            LoopTask<int> task = Loop.CreateTask(Sleep(9), eager: true);
            Assert.That(task.Cancel("enough"), Is.True);
            await EventLoop.Wait([task]);
            Assert.That(task.IsCancelled, Is.True);
            Assert.That(() => task.Result, Throws.TypeOf<LoopCanceledException>()
                .With.Message.EqualTo("enough"));
        });
    }

    [Test]
    public void E29_eager_false_wins_over_an_eager_factory()
    {
        Loop.TaskFactory = new EagerTaskFactory();
        Run(async () =>
        {
            LoopTask task = Loop.CreateTask(Two(), eager: false);
            Tell("after");
            await task;
        });

        Assert.That(Story, Is.EqualTo("after first second"));
    }

    private async Coroutine Two()
    {
        Tell("first");
        await EventLoop.Yield();
        Tell("second");
    }

    private static async Coroutine Nothing()
    {
    }

    private static async Coroutine Fail() => throw new FormatException();

    private static async Coroutine<int> Sleep(int seconds) =>
        await Later(S(seconds), seconds);
}
