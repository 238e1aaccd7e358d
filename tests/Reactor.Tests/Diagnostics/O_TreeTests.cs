using System.Text.RegularExpressions;
using Reactor.Diagnostics;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statements O06 and O07: the tasks of a loop as a table and as a tree.</summary>
public sealed partial class O_TreeTests : LoopFixture
{
    private Promise<int> _gate = null!;

    [SetUp]
    public void MakeGate() => _gate = Loop.CreateFuture<int>();

    [Test]
    public void O06_there_is_one_row_for_each_task()
    {
        LoopTask<int> child = Loop.CreateTask(Leaf(), "child");
        LoopTask<int> first = Loop.CreateTask(Await(child), "first");
        LoopTask<int> second = Loop.CreateTask(Await(child), "second");
        RunTurns(1);
        TaskTable? table = null;
        Loop.CallSoon(() => table = LoopInspector.Tasks(Loop));
        RunTurns(1);

        Assert.That(table!.Rows.Select(row => row.Name), Is.EqualTo(
            new[] { "child", "first", "second" }));
        TaskRow row = table.Rows[0];
        Assert.That(row.ThreadId, Is.EqualTo(Environment.CurrentManagedThreadId));
        Assert.That(row.Id, Is.EqualTo(1));
        Assert.That(row.Stack.Select(frame => frame.Method), Is.EqualTo(
            new[] { "O_TreeTests.Leaf" }));
        Assert.That(row.Awaiters.Select(awaiter => (awaiter.Id, awaiter.Name)), Is.EqualTo(
            new[] { (2L, "first"), (3L, "second") }));
        Assert.That(row.Awaiters[1].Stack.Single().Method, Is.EqualTo("O_TreeTests.Await"));
        Assert.That(table.Rows[1].Awaiters, Is.Empty);
        Finish(first, second);
    }

    [Test]
    public void O06_the_table_is_text_with_aligned_columns()
    {
        LoopTask<int> child = Loop.CreateTask(Leaf(), "a child");
        LoopTask<int> parent = Loop.CreateTask(Deep(child), "p");
        RunTurns(1);

        Assert.That(
            LoopInspector.Tasks(Loop).ToText(),
            Is.EqualTo(
                "thread  task id  task name  coroutine stack                        " +
                "awaiter chain                          awaiter name  awaiter id\n" +
                "0       1        a child    O_TreeTests.Leaf                       " +
                "O_TreeTests.Await -> O_TreeTests.Deep  p             2\n" +
                "0       2        p          O_TreeTests.Await -> O_TreeTests.Deep\n"));
        Finish(parent);
    }

    [Test]
    public void O06_the_table_is_comma_separated_values_too()
    {
        LoopTask<int> child = Loop.CreateTask(Leaf(), "say \"hello\", child");
        LoopTask<int> parent = Loop.CreateTask(Await(child), "p");
        RunTurns(1);

        Assert.That(
            LoopInspector.Tasks(Loop).ToCsv(),
            Is.EqualTo(
                "thread,task id,task name,coroutine stack,awaiter chain,awaiter name,awaiter id" +
                "\r\n0,1,\"say \"\"hello\"\", child\",O_TreeTests.Leaf,O_TreeTests.Await,p,2\r\n" +
                "0,2,p,O_TreeTests.Await,,,\r\n"));
        Finish(parent);
    }

    [Test]
    public void O06_a_loop_without_tasks_has_an_empty_table()
    {
        Assert.That(LoopInspector.Tasks(Loop).Rows, Is.Empty);
        Assert.That(LoopInspector.Tree(Loop).ToText(), Is.Empty);
    }

    [Test]
    public void O07_roots_are_tasks_nobody_awaits_and_frames_are_inner_nodes()
    {
        LoopTask<int> child = Loop.CreateTask(Leaf(), "child");
        LoopTask<int> alone = Loop.CreateTask(Leaf(), "alone");
        LoopTask<int> parent = Loop.CreateTask(Deep(child), "parent");
        RunTurns(1);

        TaskTree tree = LoopInspector.Tree(Loop);

        Assert.That(tree.Roots.Select(root => root.Text), Is.EqualTo(
            new[] { "(T) alone", "(T) parent" }));
        Assert.That(tree.Roots.Select(root => root.IsTask), Is.All.True);
        Assert.That(tree.Roots[1].Children.Single().IsTask, Is.False);
        Assert.That(
            Text(tree),
            Is.EqualTo("""
                └── (T) alone
                    └── O_TreeTests.Leaf
                └── (T) parent
                    └── O_TreeTests.Deep
                        └── O_TreeTests.Await
                            └── (T) child
                                └── O_TreeTests.Leaf

                """));
        Finish(alone, parent);
    }

    [Test]
    public void O07_children_that_wait_below_one_frame_share_it()
    {
        LoopTask<int> a = Loop.CreateTask(Leaf(), "a");
        LoopTask<int> b = Loop.CreateTask(Leaf(), "b");
        LoopTask<int[]> parent = Loop.CreateTask(All(a, b), "parent");
        RunTurns(1);

        Assert.That(
            Text(LoopInspector.Tree(Loop)),
            Is.EqualTo("""
                └── (T) parent
                    └── O_TreeTests.All
                        ├── (T) a
                        │   └── O_TreeTests.Leaf
                        └── (T) b
                            └── O_TreeTests.Leaf

                """));
        Finish(parent);
    }

    [Test]
    public void O07_the_children_of_a_group_hang_on_its_frame_beside_its_block()
    {
        LoopTask<int> parent = Loop.CreateTask(TaskGroup.Run(Block), "parent");
        RunTurns(2);

        Assert.That(
            Text(LoopInspector.Tree(Loop)),
            Is.EqualTo("""
                └── (T) parent
                    └── TaskGroup.RunCore
                        ├── O_TreeTests.Block
                        │   └── O_TreeTests.Leaf
                        └── (T) a
                            └── O_TreeTests.Leaf

                """));
        Finish(parent);

        async Coroutine<int> Block(TaskGroup group)
        {
            _ = group.Spawn(Leaf(), "a");
            return await Leaf();
        }
    }

    [Test]
    public void O07_a_task_that_two_await_is_drawn_in_full_once()
    {
        LoopTask<int> child = Loop.CreateTask(Leaf(), "child");
        LoopTask<int> a = Loop.CreateTask(Await(child), "a");
        LoopTask<int> b = Loop.CreateTask(Await(child), "b");
        RunTurns(1);

        Assert.That(
            Text(LoopInspector.Tree(Loop)),
            Is.EqualTo("""
                └── (T) a
                    └── O_TreeTests.Await
                        └── (T) child
                            └── O_TreeTests.Leaf
                └── (T) b
                    └── O_TreeTests.Await
                        └── (T) child, shown above

                """));
        Finish(a, b);
    }

    [Test]
    public void O07_a_row_of_awaits_is_drawn_to_a_depth_of_a_hundred_tasks(
        [Values(100, 101, 300)] int n)
    {
        LoopTask<int> last = Loop.CreateTask(Leaf(), "first");
        for (int i = 1; i < n; i++)
        {
            last = Loop.CreateTask(Await(last));
        }

        RunTurns(1);
        string text = LoopInspector.Tree(Loop).ToText();

        Assert.That(text.Split("(T)"), Has.Length.EqualTo(Math.Min(n, 101) + 1));
        Assert.That(text, n == 100 ? Does.Not.Contain("…") : Does.EndWith(" …\n"));
        Finish(last);
    }

    private static string Text(TaskTree tree) => Place().Replace(tree.ToText(), "");

    private void Finish(params Future[] tasks)
    {
        _gate.SetResult(1);
        RunTurns(305);
        Assert.That(tasks.Select(task => task.IsDone), Is.All.True);
    }

    private async Coroutine<int> Leaf() => await _gate;

    private static async Coroutine<int> Deep(LoopTask<int> task) => await Await(task);

    private static async Coroutine<int> Await(LoopTask<int> task) => await task;

    private static async Coroutine<int[]> All(params LoopTask<int>[] tasks) =>
        await EventLoop.WhenAll(tasks);

    [GeneratedRegex(@" \w+\.cs:\d+")]
    private static partial Regex Place();
}
