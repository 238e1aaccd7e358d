using Reactor.Inspector;
using Reactor.Recording;

namespace Inspector.Tests.Server;

/// <summary>The states of tasks, the roots of the await tree, and its cycles.</summary>
[TestFixture]
public sealed class TaskViewsTests
{
    private static readonly SessionView s_session = new("program", "driver", "now", false, 1);

    [Test]
    public void A_task_whose_first_step_is_not_queued_is_new_and_not_ready()
    {
        StateView view = ViewOf(new TraceScript().Turn(1)
            .Add(TraceEventKind.TaskSpawned, 1, 0, "made")
            .Spawn(2, "queued")
            .Spawn(3, "sleeper").Step(3, 10).Awaits(3, "EventLoop.Delay"));
        Assert.That(
            view.Tasks.Groups.Select(group => (group.Example, group.State)),
            Is.EquivalentTo(new[]
            {
                ("made #1", "new"), ("queued #2", "ready"), ("sleeper #3", "waiting"),
            }));
    }

    [TestCase("en", "created, not begun", "ready to run", "runs now", "waits")]
    [TestCase("zh", "已创建，尚未开始", "可以运行", "正在运行", "在等待")]
    public void The_states_of_tasks_are_words_of_the_table_and_names_stay(
        string language, params string[] words)
    {
        StateView view = ViewOf(new TraceScript().Turn(1)
            .Add(TraceEventKind.TaskSpawned, 1, 0, "idle")
            .Spawn(2, "ready")
            .Spawn(4, "ended").Step(4, 10)
            .Spawn(3, "running").Add(TraceEventKind.StepBegan, 3));
        string text = TextPage.Write(view, s_session, InspectorStrings.For(language));
        foreach ((string word, string name) in words.Zip(
            ["idle #1", "ready #2", "running #3", "ended #4"]))
        {
            Assert.That(text, Does.Contain($"{word} ({name})"));
        }
    }

    [TestCase("en", "Connections", "idle: 1", "The connection 4 is now in the state idle.")]
    [TestCase("zh", "连接", "空闲：1", "连接 4 现在处于状态 空闲。")]
    public void The_states_of_connections_are_words_of_the_table(
        string language, params string[] parts)
    {
        StateView view = ViewOf(new TraceScript().Turn(1).State(4, "idle").State(5, "my state"));
        string text = TextPage.Write(view, s_session, InspectorStrings.For(language));
        foreach (string part in parts)
        {
            Assert.That(text, Does.Contain(part));
        }

        Assert.That(text, Does.Contain("my state"), "a word of the program stays");
        Assert.That(
            view.Objects.Single().States.Select(state => state.Ids),
            Is.EquivalentTo(new[] { new[] { 4L }, [5L] }));
    }

    [Test]
    public void A_long_chain_of_awaits_has_one_root()
    {
        const int Tasks = 150;
        TraceScript script = new TraceScript().Turn(1);
        for (int i = 1; i <= Tasks; i++)
        {
            script.Spawn(i, "link");
        }

        for (int i = 1; i < Tasks; i++)
        {
            script.Step(i, 1).Awaits(i, "link", "Chain.cs:1", i + 1);
        }

        TreeView tree = ViewOf(script).Tree;
        TreeLineView[] tasks = [.. tree.Lines.Where(line => line.IsTask)];
        Assert.That(
            tasks.Select(line => (line.Depth, line.Text)),
            Is.EqualTo(Enumerable.Range(1, Tasks).Select(i => (2 * (i - 1), $"link #{i}"))));
    }

    [Test]
    public void What_has_no_line_is_no_root_and_is_counted()
    {
        const int Tasks = 1_000;
        TraceScript script = new TraceScript().Turn(1);
        for (int i = 1; i <= Tasks; i++)
        {
            script.Spawn(i, "link");
        }

        for (int i = 1; i < Tasks; i++)
        {
            script.Step(i, 1).Awaits(i, "link", "", i + 1);
        }

        // Two lines for each task: 400 lines are 200 tasks.
        TreeView tree = ViewOf(script).Tree;
        Assert.That(tree.Lines, Has.Count.EqualTo(400));
        Assert.That(tree.LeftOut, Is.EqualTo(Tasks - 200));
        Assert.That(tree.Lines.Count(line => line.Depth == 0), Is.EqualTo(1));
    }

    [Test]
    public void A_cycle_through_a_task_with_several_awaits_is_found()
    {
        TreeView tree = ViewOf(new TraceScript().Turn(1)
            .Spawn(1, "a").Spawn(2, "b").Spawn(3, "c")
            .Step(1, 1).Awaits(1, "WhenAll", "", 3).Awaits(1, "WhenAll", "", 2)
            .Step(2, 1).Awaits(2, "a", "", 1)).Tree;
        Assert.That(tree.Cycles, Is.EqualTo(new[] { "a #1 → b #2 → a #1" }));
    }

    [Test]
    public void A_task_that_only_a_cycle_awaits_is_below_the_cycle()
    {
        // The oldest task is awaited by a member of the cycle of the two others.
        TreeView tree = ViewOf(new TraceScript().Turn(1)
            .Spawn(1, "leaf").Spawn(2, "b").Spawn(3, "c")
            .Step(2, 1).Awaits(2, "c", "", 3).Awaits(2, "c", "", 1)
            .Step(3, 1).Awaits(3, "b", "", 2)).Tree;
        Assert.That(
            tree.Lines.Where(line => line.IsTask).Select(
                line => (line.Depth, line.Text, line.Note)),
            Is.EqualTo(new[]
            {
                (0, "b #2", null), (2, "c #3", null), (4, "b #2", "cycle"), (2, "leaf #1", null),
            }));
    }

    private static StateView ViewOf(TraceScript script)
    {
        LoopTrace trace = script.Build();
        return new RecordedRun(trace).StateAt(trace.Count);
    }
}
