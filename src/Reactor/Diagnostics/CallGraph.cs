using System.Globalization;
using System.Text;

namespace Reactor.Diagnostics;

/// <summary>
/// A future or task, its stack, and the graphs of the tasks that wait for it (asyncio:
/// <c>FutureCallGraph</c>). Immutable; any thread.
/// </summary>
public sealed class CallGraph
{
    /// <summary>Bounds the chains of awaiters, and so the width of the text.</summary>
    private const int DepthMax = 100;

    private readonly string _title;

    private CallGraph(Future future)
    {
        Future = future;
        _title = future is ILoopTask task
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Task '{task.Name}' (id {((Trampoline)future.Step!).Number})")
            : "Future";
    }

    /// <summary>The future, or task.</summary>
    public Future Future { get; }

    /// <summary>Innermost first; empty for a plain future and an ended task.</summary>
    public IReadOnlyList<CallFrame> Stack { get; private set; } = [];

    /// <summary>The tasks that wait for it, oldest first.</summary>
    public IReadOnlyList<CallGraph> AwaitedBy { get; private set; } = [];

    /// <summary>
    /// The deadlock, if the chain of awaiters returns to its task; then without
    /// <see cref="AwaitedBy"/>.
    /// </summary>
    public TaskCycle? Cycle { get; private set; }

    /// <summary>The graph as text (asyncio: <c>format_call_graph</c>).</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text, "", []);
        return text.ToString();
    }

    internal static CallGraph Capture(AwaitGraph graph, Future future, int framesMax) =>
        Capture(graph, future, framesMax, [], []);

    private static CallGraph Capture(
        AwaitGraph graph, Future future, int framesMax, List<Trampoline> path,
        Dictionary<Future, CallGraph> known)
    {
        // Each future is drawn once: the number of paths to it may be exponential.
        if (known.TryGetValue(future, out CallGraph? same))
        {
            return same;
        }

        var picture = new CallGraph(future);
        if (future.Step is Trampoline step)
        {
            int before = path.IndexOf(step);
            if (before >= 0)
            {
                // The path goes from a task to its awaiter, a cycle the other way.
                picture.Cycle = TaskCycle.Of([.. path.Skip(before).Reverse()]);
                return picture;
            }

            path.Add(step);
        }

        picture.Stack = StackReader.Show(future.Step as Trampoline, framesMax);
        if (!future.IsDone && path.Count < DepthMax)
        {
            picture.AwaitedBy = [
                .. graph.AwaitersOf(future).Select(awaiter =>
                    Capture(graph, (Future)awaiter.Owner, framesMax, path, known))];
        }

        if (future.Step is not null)
        {
            path.RemoveAt(path.Count - 1);
        }

        known.Add(future, picture);
        return picture;
    }

    private void Write(StringBuilder text, string indent, HashSet<CallGraph> written)
    {
        text.Append(indent).Append("* ").Append(_title);
        bool isNew = written.Add(this);
        text.Append(isNew ? "\n" : ", shown above\n");
        if (Cycle is not null)
        {
            text.Append(indent).Append("  cycle: ").Append(Cycle).Append('\n');
        }

        if (!isNew)
        {
            return;
        }

        if (Stack.Count > 0)
        {
            text.Append(indent).Append("  + Call stack:\n");
        }

        foreach (CallFrame frame in Stack)
        {
            text.Append(indent).Append("  |   ").Append(frame).Append('\n');
        }

        if (AwaitedBy.Count > 0)
        {
            text.Append(indent).Append("  + Awaited by:\n");
        }

        foreach (CallGraph awaiter in AwaitedBy)
        {
            awaiter.Write(text, indent + "     ", written);
        }
    }
}
