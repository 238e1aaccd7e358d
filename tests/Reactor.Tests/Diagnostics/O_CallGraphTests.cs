using Reactor.Diagnostics;
using Reactor.Sync;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statements O01 to O05: the stack of a task, and who awaits it.</summary>
public sealed class O_CallGraphTests : LoopFixture
{
    private Promise<int> _gate = null!;
    private TaskCompletionSource _foreign = null!;

    [SetUp]
    public void MakeGate()
    {
        _gate = Loop.CreateFuture<int>();
        _foreign = new TaskCompletionSource();
    }

    [Test]
    public void O01_a_plain_await_of_a_task_shows_every_frame_innermost_first()
    {
        LoopTask<int> child = Loop.CreateTask(Outer(), "child");
        LoopTask<int> parent = Loop.CreateTask(Await(child), "parent");
        RunTurns(2);

        CallGraph graph = child.CaptureCallGraph();

        Assert.That(Methods(graph), Is.EqualTo("Inner Outer"));
        Assert.That(Shape(graph), Is.EqualTo("child<(parent)"));
        Assert.That(Methods(graph.AwaitedBy[0]), Is.EqualTo("Await"));
        Assert.That(graph.AwaitedBy[0].Future, Is.SameAs(parent));
        Finish(parent);
    }

    [Test]
    public void O01_awaiters_are_followed_to_those_whom_nobody_awaits()
    {
        LoopTask<int> a = Loop.CreateTask(Inner(), "a");
        LoopTask<int> b = Loop.CreateTask(Await(a), "b");
        LoopTask<int> c = Loop.CreateTask(Await(b), "c");
        LoopTask<int> d = Loop.CreateTask(Await(a), "d");
        RunTurns(2);

        Assert.That(Shape(a.CaptureCallGraph()), Is.EqualTo("a<(b<(c) d)"));
        Finish(c, d);
    }

    [Test]
    public void O01_the_children_of_a_group_are_awaited_by_its_task_from_the_first_moment()
    {
        LoopTask child = null!;
        LoopTask parent = Loop.CreateTask(
            TaskGroup.Run(async group =>
            {
                child = group.Spawn(Wait(_gate), "child");
                await EventLoop.Delay(S(1));
            }),
            "parent");
        RunTurns(3);
        Assert.That(Shape(child.CaptureCallGraph()), Is.EqualTo("child<(parent)"), "inside");

        Loop.RunUntilComplete(EndAfter(2));
        Assert.That(Shape(child.CaptureCallGraph()), Is.EqualTo("child<(parent)"), "leaving");
        Finish(parent);
    }

    [Test]
    public void O01_a_group_in_a_group_gives_each_child_its_own_edge_and_no_more()
    {
        LoopTask outer = null!;
        LoopTask inner = null!;
        LoopTask parent = Loop.CreateTask(
            TaskGroup.Run(async group =>
            {
                outer = group.Spawn(Wait(_gate), "outer");
                await TaskGroup.Run(async nested =>
                {
                    inner = nested.Spawn(EndAfter(1), "inner");
                    await EventLoop.Yield();
                });
                await Loop.CreateFuture<int>();
            }),
            "parent");
        RunTurns(3);
        Assert.That(Shape(inner.CaptureCallGraph()), Is.EqualTo("inner<(parent)"));
        Assert.That(Shape(outer.CaptureCallGraph()), Is.EqualTo("outer<(parent)"));

        Loop.RunUntilComplete(EndAfter(2));
        Assert.That(Shape(inner.CaptureCallGraph()), Is.EqualTo("inner"));
        Assert.That(Shape(outer.CaptureCallGraph()), Is.EqualTo("outer<(parent)"));
        parent.Cancel();
        RunTurns(5);
        Assert.That(parent.IsCancelled, Is.True);
    }

    [Test]
    public void O01_gather_shield_wait_timeout_and_as_completed_lead_to_their_waiter()
    {
        LoopTask<int> a = Loop.CreateTask(Inner(), "a");
        LoopTask<int> b = Loop.CreateTask(Inner(), "b");
        LoopTask[] waiters =
        [
            Loop.CreateTask(Ignore(EventLoop.WhenAll([a, b])), "gather"),
            Loop.CreateTask(Ignore(a.Shield()), "shield"),
            Loop.CreateTask(Ignore(EventLoop.Wait([a, b])), "wait"),
            Loop.CreateTask(Ignore(EventLoop.Wait([a], WaitUntil.FirstCompleted)), "first"),
            Loop.CreateTask(Ignore(a.WaitAsync(S(100))), "timeout"),
            Loop.CreateTask(ForEach([a, b]), "each"),
            Loop.CreateTask(Ignore(EventLoop.WhenAll([a.Shield(), b])), "nested"),
        ];
        RunTurns(2);

        Assert.That(
            Shape(a.CaptureCallGraph()),
            Is.EqualTo("a<(gather shield wait first timeout each nested)"));
        Assert.That(
            Shape(b.CaptureCallGraph()), Is.EqualTo("b<(gather wait each nested)"));
        Finish(waiters);
    }

    [Test]
    public void O02_edges_vanish_when_a_wait_ends_early()
    {
        LoopTask<int> quick = Loop.CreateTask(EndWithAfter(1), "quick");
        LoopTask<int> slow = Loop.CreateTask(Inner(), "slow");
        LoopTask waiter = Loop.CreateTask(
            Both(EventLoop.Wait([quick, slow], WaitUntil.FirstCompleted)), "waiter");
        RunTurns(1);
        Assert.That(Shape(slow.CaptureCallGraph()), Is.EqualTo("slow<(waiter)"));

        Loop.RunUntilComplete(EndAfter(2));
        Assert.That(waiter.IsDone, Is.False);
        Assert.That(Shape(slow.CaptureCallGraph()), Is.EqualTo("slow"));
        Finish(waiter, slow);
    }

    [Test]
    public void O02_the_survivor_of_a_failed_gather_is_awaited_by_no_one()
    {
        LoopTask<int> failing = Loop.CreateTask(Fail(), "failing");
        LoopTask<int> survivor = Loop.CreateTask(Inner(), "survivor");
        Future<int[]> all = EventLoop.WhenAll([failing, survivor]);
        LoopTask waiter = Loop.CreateTask(SwallowThenWait(all), "waiter");
        RunTurns(4);

        Assert.That(all.IsDone, Is.True);
        Assert.That(waiter.IsDone, Is.False);
        Assert.That(Shape(survivor.CaptureCallGraph()), Is.EqualTo("survivor"));
        Finish(waiter, survivor);
    }

    [Test]
    public void O02_a_cancelled_shield_leaves_no_edge()
    {
        LoopTask<int> inner = Loop.CreateTask(Inner(), "inner");
        LoopTask waiter = Loop.CreateTask(Ignore(inner.Shield()), "waiter");
        RunTurns(1);
        waiter.Cancel();
        RunTurns(2);

        Assert.That(waiter.IsCancelled, Is.True);
        Assert.That(Shape(inner.CaptureCallGraph()), Is.EqualTo("inner"));
        Finish(inner);
    }

    [Test]
    public void O03_a_wait_with_a_timeout_of_zero_records_the_waiter()
    {
        LoopTask<int> stubborn = Loop.CreateTask(Stubborn(), "stubborn");
        RunTurns(1);
        LoopTask waiter = Loop.CreateTask(Ignore(stubborn.WaitAsync(TimeSpan.Zero)), "waiter");
        RunTurns(2);

        Assert.That(Shape(stubborn.CaptureCallGraph()), Is.EqualTo("stubborn<(waiter)"));
        Finish(waiter);
    }

    [Test]
    public void O04_a_finished_task_has_an_empty_graph()
    {
        LoopTask<int> task = Loop.CreateTask(Inner(), "done");
        LoopTask<int> waiter = Loop.CreateTask(Await(task), "waiter");
        RunTurns(1);
        _gate.SetResult(1);
        RunTurns(1);

        Assert.That(task.IsDone, Is.True);
        Assert.That(waiter.IsDone, Is.False, "it is posted, and still parked on the task");
        Assert.That(task.CaptureCallGraph().Stack, Is.Empty);
        Assert.That(Shape(task.CaptureCallGraph()), Is.EqualTo("done"));
        Assert.That(task.FormatCallGraph(), Is.EqualTo("* Task 'done' (id 1)\n"));
        RunTurns(1);
    }

    [Test]
    public void O04_a_bare_future_shows_its_awaiters()
    {
        LoopTask<int> a = Loop.CreateTask(Inner(), "a");
        LoopTask b = Loop.CreateTask(Ignore(EventLoop.WhenAll([_gate])), "b");
        Assert.That(Shape(_gate.CaptureCallGraph()), Is.EqualTo("Future"));
        RunTurns(1);

        CallGraph graph = _gate.CaptureCallGraph();

        Assert.That(graph.Stack, Is.Empty);
        Assert.That(Shape(graph), Is.EqualTo("Future<(a b)"));
        Assert.That(_gate.FormatCallGraph(), Does.StartWith("* Future\n  + Awaited by:\n"));
        Finish(a, b);
    }

    [Test]
    public void O05_our_own_async_enumerables_and_waits_appear_as_the_innermost_frame()
    {
        var queue = new AsyncQueue<int>();
        var gate = new AsyncLock();
        Assert.That(gate.TryAcquire(), Is.True);
        LoopTask<int> other = Loop.CreateTask(Inner());
        LoopTask[] tasks =
        [
            Loop.CreateTask(ForEach([other])),
            Loop.CreateTask(Drain(queue)),
            Loop.CreateTask(Acquire(gate)),
            Loop.CreateTask(EndAfter(1000)),
            Loop.CreateTask(Foreign()),
        ];
        RunTurns(1);

        Assert.That(
            tasks.Select(task => Methods(task.CaptureCallGraph())),
            Is.EqualTo(new[]
            {
                "EventLoop.WhenEach ForEach", "AsyncQueue Drain", "AsyncLock Acquire",
                "EventLoop.Delay EndAfter", "(foreign awaitable) Foreign",
            }));
        queue.Shutdown();
        gate.Release();
        _gate.SetResult(0);
        tasks[4].Cancel();
        _foreign.SetResult();
        tasks[3].Cancel();
        RunTurns(4);
        Assert.That(tasks.Select(task => task.IsDone), Is.All.True);
    }

    [Test]
    public void The_text_shows_stacks_and_awaiters()
    {
        LoopTask<int> child = Loop.CreateTask(Inner(), "child");
        LoopTask<int> parent = Loop.CreateTask(Await(child), "parent");
        RunTurns(1);
        var written = new StringWriter();

        child.PrintCallGraph(written);

        Assert.That(
            System.Text.RegularExpressions.Regex.Replace(written.ToString(), ":[0-9]+", ":N"),
            Is.EqualTo(
                "* Task 'child' (id 1)\n" +
                "  + Call stack:\n" +
                "  |   O_CallGraphTests.Inner O_CallGraphTests.cs:N\n" +
                "  + Awaited by:\n" +
                "     * Task 'parent' (id 2)\n" +
                "       + Call stack:\n" +
                "       |   O_CallGraphTests.Await O_CallGraphTests.cs:N\n"));
        Finish(parent);
    }

    [Test]
    public void A_task_awaited_in_two_ways_is_written_once()
    {
        LoopTask<int> a = Loop.CreateTask(Inner(), "a");
        LoopTask b = Loop.CreateTask(Ignore(a), "b");
        LoopTask c = Loop.CreateTask(Ignore(a), "c");
        LoopTask d = Loop.CreateTask(Ignore(EventLoop.Wait([b, c])), "d");
        RunTurns(2);

        string text = a.FormatCallGraph();

        Assert.That(text.Split("* Task 'd'"), Has.Length.EqualTo(3));
        Assert.That(text.Split("* Task 'd' (id 4), shown above"), Has.Length.EqualTo(2));
        Finish(d);
    }

    [Test]
    public void The_graph_of_a_loop_that_runs_elsewhere_is_refused()
    {
        Exception? error = null;
        var other = new Thread(() => error = Assert.Catch(() => _gate.CaptureCallGraph()));
        Loop.CallSoon(() =>
        {
            other.Start();
            other.Join();
        });
        RunTurns(1);

        Assert.That(error, Is.InstanceOf<InvalidOperationException>());
    }

    private static string Methods(CallGraph graph) => string.Join(
        ' ', graph.Stack.Select(frame =>
            frame.Method.Replace("O_CallGraphTests.", "", StringComparison.Ordinal)));

    private static string Shape(CallGraph graph)
    {
        string name = graph.Future is ILoopTask task ? task.Name : "Future";
        return graph.AwaitedBy.Count == 0
            ? name
            : $"{name}<({string.Join(' ', graph.AwaitedBy.Select(Shape))})";
    }

    private void Finish(params Future[] tasks)
    {
        _gate.SetResult(1);
        RunTurns(8);
        Assert.That(tasks.Select(task => task.IsDone), Is.All.True);
    }

    private async Coroutine<int> Outer() => await Inner();

    private async Coroutine<int> Inner() => await _gate;

    private static async Coroutine<int> Await(LoopTask<int> task) => await task;

    private static async Coroutine Wait(Future<int> future) => await future;

    private static async Coroutine Ignore<T>(Future<T> future) => await future;

    private static async Coroutine Ignore<T>(Coroutine<T> call)
    {
        try
        {
            await call;
        }
        catch (TimeoutException)
        {
            // Only who waits matters here.
        }
    }

    private async Coroutine Both<T>(Coroutine<T> first)
    {
        await first;
        await _gate;
    }

    private async Coroutine SwallowThenWait<T>(Future<T> first)
    {
        try
        {
            await first;
        }
        catch (FormatException)
        {
            await _gate;
        }
    }

    private static async Coroutine ForEach(LoopTask<int>[] tasks)
    {
        await foreach (LoopTask<int> task in EventLoop.WhenEach(tasks))
        {
            Assert.That(task.IsDone, Is.True);
        }
    }

    private static async Coroutine Drain(AsyncQueue<int> queue)
    {
        await foreach (int item in queue)
        {
            Assert.Fail($"nothing is put, but here is {item}");
        }
    }

    private static async Coroutine Acquire(AsyncLock gate)
    {
        using (await gate.AcquireAsync())
        {
        }
    }

    private async Coroutine Foreign() => await _foreign.Task;

    private static async Coroutine EndAfter(double seconds) => await EventLoop.Delay(S(seconds));

    private static async Coroutine<int> EndWithAfter(double seconds)
    {
        await EventLoop.Delay(S(seconds));
        return 1;
    }

    private async Coroutine<int> Stubborn()
    {
        try
        {
            return await Loop.CreateFuture<int>();
        }
        catch (LoopCanceledException)
        {
            return await _gate;
        }
    }

    private static async Coroutine<int> Fail()
    {
        await EventLoop.Yield();
        throw new FormatException();
    }
}
