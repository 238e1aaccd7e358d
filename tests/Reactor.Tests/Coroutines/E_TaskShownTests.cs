using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statements E30 and E31: the stack, the trace and the text of a task.</summary>
public sealed class E_TaskShownTests : LoopFixture
{
    [Test]
    public void E30_the_stack_of_a_suspended_task_is_the_whole_await_stack_innermost_first()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        LoopTask<int> task = Loop.CreateTask(Outer(future));
        RunTurns(1);

        Assert.That(
            string.Join(' ', task.GetStack()),
            Is.EqualTo("E_TaskShownTests.Inner E_TaskShownTests.Middle E_TaskShownTests.Outer"));

        future.SetResult(1);
        Loop.RunUntilComplete(task);
        Assert.That(task.GetStack(), Is.Empty);
    }

    [Test]
    public void E30_the_trace_of_a_failed_task_names_every_await()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        LoopTask<int> task = Loop.CreateTask(Outer(future));
        future.SetException(new FormatException());
        RunTurns(2);

        string trace = task.Exception!.StackTrace!;

        int inner = trace.IndexOf(nameof(Inner), StringComparison.Ordinal);
        int middle = trace.IndexOf(nameof(Middle), StringComparison.Ordinal);
        int outer = trace.IndexOf(nameof(Outer), StringComparison.Ordinal);
        Assert.That(inner, Is.Positive);
        Assert.That(middle, Is.GreaterThan(inner));
        Assert.That(outer, Is.GreaterThan(middle));
    }

    [Test]
    public void E31_to_string_shows_name_coroutine_state_and_what_it_waits_for()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        LoopTask<int> task = Loop.CreateTask(Outer(future), "shown");
        Assert.That(task.ToString(), Does.StartWith("<Task pending")
            .And.Contain("name='shown'").And.Contain("E_TaskShownTests.Outer")
            .And.Not.Contain("wait_for"));

        RunTurns(1);
        Assert.That(task.ToString(), Does.Contain("wait_for=<Future"));

        task.Cancel();
        Assert.That(task.ToString(), Does.Contain("cancelling"));

        RunTurns(1);
        Assert.That(task.ToString(), Does.Contain("cancelled").And.Not.Contain("wait_for"));
    }

    [Test]
    public void E31_two_tasks_that_wait_for_each_other_can_be_shown()
    {
        LoopTask<int> a = null!;
        LoopTask<int> b = null!;
        a = Loop.CreateTask(Await(() => b), "a");
        b = Loop.CreateTask(Await(() => a), "b");
        RunTurns(2);

        Assert.That(a.ToString(), Does.Contain("wait_for=<Task name='b'"));
        Assert.That(b.ToString(), Does.Contain("wait_for=<Task name='a'"));
        Assert.That(CloseAndTakeReports(), Has.Length.EqualTo(2));

        static async Coroutine<int> Await(Func<LoopTask<int>> other) => await other();
    }

    private static async Coroutine<int> Outer(Future<int> future) => await Middle(future);

    private static async Coroutine<int> Middle(Future<int> future) => await Inner(future);

    private static async Coroutine<int> Inner(Future<int> future) => await future;
}
