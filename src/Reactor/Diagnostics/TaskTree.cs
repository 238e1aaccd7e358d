using System.Text;

namespace Reactor.Diagnostics;

/// <summary>
/// A task or a frame in a tree of tasks, with its subtree. Immutable; any thread.
/// </summary>
public sealed record TaskTreeNode
{
    /// <summary>The name of the task, or the frame with its place.</summary>
    public required string Text { get; init; }

    /// <summary>True for a task, false for a frame.</summary>
    public bool IsTask { get; init; }

    /// <summary>The frames and tasks that it waits for.</summary>
    public IReadOnlyList<TaskTreeNode> Children { get; init; } = [];
}

/// <summary>
/// The await tree of a loop (asyncio: <c>python -m asyncio pstree</c>): the children of a task are
/// its frames, outermost first; those of a frame are the tasks it waits for. A task with several
/// awaiters is a child of the first; a cycle is named and not followed. Immutable; any thread.
/// </summary>
public sealed class TaskTree
{
    /// <summary>The depth of tasks that is drawn.</summary>
    private const int DepthMax = 100;

    /// <summary>The frames in a path that are drawn; bounds the width of the text.</summary>
    private const int FramesMax = 500;

    private readonly AwaitGraph _graph;
    private readonly HashSet<Trampoline> _drawn = [];
    private readonly HashSet<Trampoline> _path = [];
    private int _frames;

    private TaskTree(AwaitGraph graph)
    {
        _graph = graph;
        Cycles = DeadlockFinder.Find(graph);
        // A cycle has no root: its oldest task stands for one.
        IEnumerable<Trampoline> roots = graph.Tasks.Where(
            task => graph.AwaitersOf((Future)task.Owner).Count == 0);
        Roots = [.. roots.Concat(graph.Tasks).Where(task => !_drawn.Contains(task)).Select(Draw)];
    }

    /// <summary>The tasks that no task awaits, oldest first, with their subtrees.</summary>
    public IReadOnlyList<TaskTreeNode> Roots { get; }

    /// <summary>The deadlocks; see <see cref="LoopInspector.FindDeadlocks"/>.</summary>
    public IReadOnlyList<TaskCycle> Cycles { get; }

    /// <summary>A line for each deadlock, then the trees.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (TaskCycle cycle in Cycles)
        {
            text.Append("cycle: ").Append(cycle).Append('\n');
        }

        foreach (TaskTreeNode root in Roots)
        {
            Write(text, root, "", isLast: true);
        }

        return text.ToString();
    }

    /// <summary>The tree as text.</summary>
    public override string ToString() => ToText();

    internal static TaskTree Of(AwaitGraph graph) => new(graph);

    private TaskTreeNode Draw(Trampoline task)
    {
        string text = $"(T) {((ILoopTask)task.Owner).Name}";
        if (_path.Contains(task))
        {
            return Node($"{text}, cycle");
        }

        if (!_drawn.Add(task))
        {
            return Node($"{text}, shown above");
        }

        if (_path.Count == DepthMax || _frames > FramesMax)
        {
            LeaveOut(task);
            return Node($"{text} …");
        }

        _path.Add(task);
        TaskTreeNode node = Node(text) with { Children = DrawStack(task) };
        _path.Remove(task);
        return node;

        static TaskTreeNode Node(string text) => new() { Text = text, IsTask = true };
    }

    // Tasks below a cut are no roots either.
    private void LeaveOut(Trampoline task)
    {
        var open = new Stack<Trampoline>([task]);
        while (open.TryPop(out Trampoline? next))
        {
            foreach (AwaitGraph.Edge edge in _graph.AwaitedBy(next))
            {
                if (_drawn.Add(edge.Task))
                {
                    open.Push(edge.Task);
                }
            }
        }
    }

    private List<TaskTreeNode> DrawStack(Trampoline task)
    {
        List<StackReader.Entry> stack = StackReader.Read(task);
        _frames += stack.Count;
        ILookup<CoroutineFrame?, Trampoline> below = _graph.AwaitedBy(task).ToLookup(
            edge => stack.Exists(entry => entry.Frame == edge.Block) ? edge.Block : null,
            edge => edge.Task);
        List<TaskTreeNode> inner = [.. below[null].Select(Draw)];
        foreach (StackReader.Entry entry in stack)
        {
            if (entry.Frame is not null)
            {
                inner.AddRange(below[entry.Frame].Select(Draw));
            }

            inner = [new TaskTreeNode { Text = entry.Shown.ToString(), Children = inner }];
        }

        _frames -= stack.Count;
        return inner;
    }

    private static void Write(StringBuilder text, TaskTreeNode node, string indent, bool isLast)
    {
        text.Append(indent).Append(isLast ? "└── " : "├── ").Append(node.Text).Append('\n');
        string below = indent + (isLast ? "    " : "│   ");
        for (int i = 0; i < node.Children.Count; i++)
        {
            Write(text, node.Children[i], below, isLast: i == node.Children.Count - 1);
        }
    }
}
