using System.Globalization;
using System.Text;

namespace Reactor.Diagnostics;

/// <summary>
/// A future or task, the stack of what it runs, and who waits for it, with the same of each
/// (asyncio: <c>FutureCallGraph</c>).
/// </summary>
/// <remarks>A picture of one moment; it does not change. Any thread.</remarks>
public sealed class CallGraph
{
    /// <summary>
    /// Tasks in a row of awaits that are followed; a longer row ends with nobody. Nobody reads
    /// more, and the text is as wide as the row is long.
    /// </summary>
    private const int DepthMax = 100;

    private readonly string _title;

    private CallGraph(Future future)
    {
        Future = future;
        _title = future is ILoopTask task
            ? string.Create(
                CultureInfo.InvariantCulture, $"Task '{task.Name}' (id {future.Step!.Number})")
            : "Future";
    }

    /// <summary>The future, or task.</summary>
    public Future Future { get; }

    /// <summary>Innermost first; empty of a bare future and of a task that has ended.</summary>
    public IReadOnlyList<CallFrame> Stack { get; private set; } = [];

    /// <summary>The tasks that wait for it, oldest first.</summary>
    public IReadOnlyList<CallGraph> AwaitedBy { get; private set; } = [];

    /// <summary>
    /// Set where the row of awaiters comes back to a task in it: which tasks wait for one another.
    /// <see cref="AwaitedBy"/> is then empty: the cycle is named, not followed.
    /// </summary>
    public TaskCycle? Cycle { get; private set; }

    /// <summary>
    /// The picture as text, in several lines (asyncio: <c>format_call_graph</c>).
    /// </summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text, "", []);
        return text.ToString();
    }

    internal static CallGraph Capture(AwaitGraph graph, Future future, int framesMax) =>
        Capture(graph, future, framesMax, [], []);

    private static CallGraph Capture(
        AwaitGraph graph,
        Future future,
        int framesMax,
        List<Trampoline> path,
        Dictionary<Future, CallGraph> known)
    {
        // One that is awaited in two ways is drawn once: the number of ways may be a power of two.
        if (known.TryGetValue(future, out CallGraph? same))
        {
            return same;
        }

        var picture = new CallGraph(future);
        if (future.Step is { } step)
        {
            int before = path.IndexOf(step);
            if (before >= 0)
            {
                // The path goes from a task to who waits for it, a cycle the other way.
                path.Reverse(before, path.Count - before);
                picture.Cycle = TaskCycle.Of(path[before..]);
                path.Reverse(before, path.Count - before);
                return picture;
            }

            path.Add(step);
        }

        picture.Stack = StackReader.Show(future.Step, framesMax);
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
