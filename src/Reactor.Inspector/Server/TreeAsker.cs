using Reactor.Diagnostics;

namespace Reactor.Inspector;

/// <summary>
/// Asks a loop for its await tree, at most one question at a time, and does not wait long: a
/// blocked loop does not answer. Asked on the inspector's loop, answered on the inspected one.
/// </summary>
/// <param name="loop">The inspected loop.</param>
internal sealed class TreeAsker(EventLoop loop)
{
    /// <summary>The lines of a tree that the page shows.</summary>
    private const int LinesMax = 400;

    /// <summary>A tree of more tasks would take milliseconds on the loop's thread.</summary>
    private const int TasksMax = 2_000;

    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(50);

    /// <summary>The ends of the lines of <see cref="TaskTree"/>.</summary>
    private static readonly (string End, string Note)[] s_notes =
        [(", cycle", "cycle"), (", shown above", "above")];

    private TaskCompletionSource<TreeView?>? _asked;

    /// <summary>
    /// The tree; null if the loop is recorded or replayed, has too many tasks, or does not answer
    /// in time.
    /// </summary>
    public async Coroutine<TreeView?> AskAsync()
    {
        // A question is a message of another thread: it would be part of the recording, and a
        // replay has no such message. Both have a gate, also behind other drivers.
        if (loop.IsClosed || loop.Driver.Gate is not null)
        {
            return null;
        }

        // A question that the blocked loop has not answered yet stands.
        if (_asked is null or { Task.IsCompleted: true })
        {
            var asked = new TaskCompletionSource<TreeView?>(
                TaskCreationOptions.RunContinuationsAsynchronously);
            _asked = asked;
            loop.CallSoonThreadSafe(() => Answer(asked));
        }

        Future<TreeView?> answer = _asked.Task.OnLoop();
        try
        {
            return await answer.WaitAsync(s_limit);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    public static TreeView Show(TaskTree tree)
    {
        var lines = new List<TreeLineView>();
        int leftOut = 0;
        var open = new Stack<(TaskTreeNode Node, int Depth)>(
            tree.Roots.Reverse().Select(root => (root, 0)));
        while (open.TryPop(out (TaskTreeNode Node, int Depth) at))
        {
            if (lines.Count == LinesMax)
            {
                leftOut++;
            }
            else
            {
                lines.Add(Line(at.Node, at.Depth));
            }

            foreach (TaskTreeNode child in at.Node.Children.Reverse())
            {
                open.Push((child, at.Depth + 1));
            }
        }

        return new TreeView([.. tree.Cycles.Select(one => one.ToString())], lines, leftOut);
    }

    // The page says in its language why nothing is below.
    private static TreeLineView Line(TaskTreeNode node, int depth)
    {
        foreach ((string end, string note) in s_notes)
        {
            if (node.IsTask && node.Text.EndsWith(end, StringComparison.Ordinal))
            {
                return new TreeLineView(
                    depth, node.Text[..^end.Length], true, note == "cycle", note);
            }
        }

        return new TreeLineView(depth, node.Text, node.IsTask, false);
    }

    private void Answer(TaskCompletionSource<TreeView?> asked)
    {
        try
        {
            asked.TrySetResult(
                loop.AllTasks().Count > TasksMax ? null : Show(LoopInspector.Tree(loop)));
        }
        catch (Exception error)
        {
            asked.TrySetException(error);
        }
    }
}
