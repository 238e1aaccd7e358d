using Reactor.Diagnostics;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statement O08: a cycle of awaits is named as the deadlock that it is, and not followed; and a
/// cancellation ends it.
/// </summary>
public sealed class O_DeadlockTests : LoopFixture
{
    private readonly Dictionary<string, Future<int>> _futures = [];

    [SetUp]
    public void Clear() => _futures.Clear();

    [Test]
    public void O08_a_cycle_of_three_is_named_from_its_oldest_task()
    {
        Start("B", () => Await("C"));
        Start("C", () => Await("A"));
        Start("A", () => Await("B"));
        RunTurns(1);

        TaskCycle cycle = LoopInspector.FindDeadlocks(Loop).Single();

        Assert.That(cycle.ToString(), Is.EqualTo("B → C → A → B"));
        Assert.That(cycle.Tasks, Is.EqualTo(
            new[] { _futures["B"], _futures["C"], _futures["A"] }));
        CancelAll();
    }

    [Test]
    public void O08_the_tree_names_the_cycle_and_does_not_follow_it()
    {
        Start("A", () => Await("B"));
        Start("B", () => Await("A"));
        Start("waits", () => Await("A"));
        RunTurns(1);

        TaskTree tree = LoopInspector.Tree(Loop);

        Assert.That(tree.Cycles.Select(cycle => $"{cycle}"), Is.EqualTo(new[] { "A → B → A" }));
        string[] lines = tree.ToText().TrimEnd().Split('\n');
        Assert.That(lines[0], Is.EqualTo("cycle: A → B → A"));
        Assert.That(
            lines.Where(line => line.Contains("(T)", StringComparison.Ordinal))
                .Select(line => line[line.IndexOf("(T)", StringComparison.Ordinal)..]),
            Is.EqualTo(new[] { "(T) waits", "(T) A", "(T) B", "(T) A, cycle" }));
        CancelAll();
    }

    [Test]
    public void O08_the_call_graph_names_the_cycle_and_does_not_follow_it()
    {
        Start("A", () => Await("B"));
        Start("B", () => Await("C"));
        Start("C", () => Await("A"));
        RunTurns(1);

        CallGraph graph = _futures["A"].CaptureCallGraph();

        CallGraph end = graph.AwaitedBy.Single().AwaitedBy.Single().AwaitedBy.Single();
        Assert.That(end.Future, Is.SameAs(_futures["A"]));
        Assert.That($"{end.Cycle}", Is.EqualTo("A → B → C → A"));
        Assert.That(end.AwaitedBy, Is.Empty);
        Assert.That(graph.Cycle, Is.Null);
        Assert.That(
            graph.ToString().TrimEnd().Split('\n')[^1].Trim(),
            Is.EqualTo("cycle: A → B → C → A"));
        CancelAll();
    }

    [Test]
    public void O08_a_child_that_waits_for_its_group_is_a_deadlock()
    {
        Start("parent", () => TaskGroup.Run(async group =>
        {
            _ = group.Spawn(Await("parent"), "child");
            return await Loop.CreateFuture<int>();
        }));
        RunTurns(2);

        Assert.That(Deadlocks(), Is.EqualTo("parent → child → parent"));
        Assert.That(CloseAndTakeReports(), Has.Length.EqualTo(2), "both are pending for ever");
    }

    [Test]
    public void O08_gather_with_one_stuck_child_is_stuck_and_wait_for_the_first_is_not()
    {
        Start("free", () => Await(Loop.CreateFuture<int>()));
        Start("all", () => First(EventLoop.WhenAll([_futures["free"], _futures["back"]])));
        Start("back", () => Await("all"));
        RunTurns(1);
        Assert.That(Deadlocks(), Is.EqualTo("all → back → all"));
        CancelAll();

        Start("free", () => Await(Loop.CreateFuture<int>()));
        Start("any", () => Any(["free", "back"]));
        Start("back", () => Await("any"));
        RunTurns(1);
        Assert.That(Deadlocks(), Is.Empty);
        Assert.That(LoopInspector.Tree(Loop).ToText(), Does.Contain("(T) any, cycle"));
        CancelAll();

        Start("any", () => Any(["b", "c"]));
        Start("b", () => Await("any"));
        Start("c", () => Await("any"));
        RunTurns(1);
        Assert.That(Deadlocks(), Is.EqualTo("any → b → any"), "all that it waits for are stuck");
        CancelAll();
    }

    [Test]
    public void O08_two_separate_cycles_are_both_found()
    {
        Start("A", () => Await("B"));
        Start("B", () => Await("A"));
        Start("X", () => First(EventLoop.WhenAll([_futures["Y"], _futures["A"]])));
        Start("Y", () => Await("X"));
        RunTurns(1);

        Assert.That(Deadlocks(), Is.EqualTo("A → B → A, X → Y → X").Or.EqualTo("A → B → A"));
        Assert.That(LoopInspector.Tree(Loop).ToText(), Does.Contain("(T) Y"));
        CancelAll();
    }

    [Test]
    public void O08_tasks_that_wait_for_a_timer_or_a_future_are_no_deadlock()
    {
        Start("sleeper", async () => await Later(S(1), 1));
        Start("A", () => Await("sleeper"));
        Start("B", () => Await("A"));
        Start("gate", () => Await(Loop.CreateFuture<int>()));
        RunTurns(1);

        Assert.That(Deadlocks(), Is.Empty);
        CancelAll();
    }

    [Test]
    [CancelAfter(20_000)]
    public void O08_a_gather_of_twenty_thousand_is_searched_in_a_moment()
    {
        Promise<int> gate = Loop.CreateFuture<int>();
        LoopTask<int>[] children =
            [.. Enumerable.Range(0, 20_000).Select(_ => Loop.CreateTask(Await(gate)))];
        LoopTask<int> all = Loop.CreateTask(First(EventLoop.WhenAll(children)));
        RunTurns(2);

        Assert.That(Deadlocks(), Is.Empty);
        gate.SetResult(1);
        RunTurns(4);
        Assert.That(all.Result, Is.EqualTo(1));
    }

    private string Deadlocks() => string.Join(", ", LoopInspector.FindDeadlocks(Loop));

    private void Start(string name, Func<Coroutine<int>> main) =>
        _futures[name] = Loop.CreateTask(Begin(main), name);

    private static async Coroutine<int> Begin(Func<Coroutine<int>> main) => await main();

    private async Coroutine<int> Await(string name) => await _futures[name];

    private static async Coroutine<int> Await(Future<int> future) => await future;

    private static async Coroutine<int> First(Future<int[]> all) => (await all)[0];

    private async Coroutine<int> Any(string[] names)
    {
        await EventLoop.Wait(names.Select(name => _futures[name]), WaitUntil.FirstCompleted);
        return 1;
    }

    // Also what a cycle must bear: each is cancelled while it waits for the others.
    private void CancelAll()
    {
        foreach (Future<int> future in _futures.Values)
        {
            future.Cancel();
        }

        RunTurns(8);
        Assert.That(Loop.AllTasks(), Is.Empty);
        Assert.That(_futures.Values.Select(future => future.IsDone), Is.All.True);
        _futures.Clear();
    }
}
