namespace Reactor.Diagnostics;

/// <summary>
/// Who awaits whom on a loop, at the moment of asking: drawn from what the unfinished tasks are
/// parked on. The loop keeps no such graph, so an await pays nothing for it, and an edge vanishes
/// with the wait that made it.
/// </summary>
/// <remarks>Loop thread only, or while the loop does not run.</remarks>
internal sealed class AwaitGraph
{
    private static readonly List<Trampoline> s_nobody = [];
    private readonly Dictionary<Future, List<Trampoline>> _awaiters = [];
    private readonly Dictionary<Trampoline, List<Edge>> _edges = [];

    private AwaitGraph(IEnumerable<Trampoline> tasks)
    {
        Tasks = [.. tasks.OrderBy(task => task.Number)];
        foreach (Trampoline task in Tasks)
        {
            var edges = new List<Edge>();
            _edges.Add(task, edges);
            Follow(task, edges);
        }
    }

    /// <summary>The unfinished tasks, oldest first.</summary>
    public IReadOnlyList<Trampoline> Tasks { get; }

    /// <summary>
    /// The graph of a loop; of any other kernel, which keeps no list, an empty one.
    /// </summary>
    public static AwaitGraph Of(CoroutineScheduler scheduler) => new(
        scheduler is EventLoop loop
            ? loop.Tasks.Select(task => ((Future)task).Step!)
            : []);

    /// <summary>The tasks that wait for a future, oldest first.</summary>
    public IReadOnlyList<Trampoline> AwaitersOf(Future future) =>
        _awaiters.GetValueOrDefault(future, s_nobody);

    /// <summary>The tasks that a task waits for, oldest first.</summary>
    public IReadOnlyList<Edge> AwaitedBy(Trampoline task) => _edges[task];

    private void Follow(Trampoline waiter, List<Edge> edges)
    {
        var open = new Stack<(Future Future, CoroutineFrame? Block)>();
        for (AwaitingBlock? block = waiter.Block; block is not null; block = block.Outer)
        {
            Push(open, block.Awaited, block.Frame);
        }

        // On top: what is found both ways counts for the innermost frame.
        Push(open, waiter.Wait is Future only ? [only] : Behind(waiter.Wait), null);
        var seen = new HashSet<Future>();
        while (open.TryPop(out (Future Future, CoroutineFrame? Block) at))
        {
            if (at.Future.IsDone || !seen.Add(at.Future))
            {
                continue;
            }

            if (!_awaiters.TryGetValue(at.Future, out List<Trampoline>? awaiters))
            {
                _awaiters.Add(at.Future, awaiters = []);
            }

            awaiters.Add(waiter);
            if (at.Future.Step is { } task)
            {
                edges.Add(new Edge(task, at.Block));
            }
            else
            {
                Push(open, Behind(at.Future), at.Block);
            }
        }

        edges.Sort(static (a, b) => a.Task.Number.CompareTo(b.Task.Number));
    }

    private static IEnumerable<Future> Behind(object? source) =>
        source is IAwaitsFutures many ? many.Awaited : [];

    private static void Push(
        Stack<(Future Future, CoroutineFrame? Block)> open,
        IEnumerable<Future> futures,
        CoroutineFrame? block)
    {
        foreach (Future future in futures)
        {
            open.Push((future, block));
        }
    }

    /// <summary>One task waits for another.</summary>
    /// <param name="Task">The one that is waited for.</param>
    /// <param name="Block">
    /// The frame of the block that waits for it while others run inside; null: the innermost.
    /// </param>
    public readonly record struct Edge(Trampoline Task, CoroutineFrame? Block);
}
