using System.Runtime.InteropServices;

namespace Reactor.Diagnostics;

/// <summary>
/// The await edges between the unfinished tasks of a loop, computed on request. Loop thread only,
/// or while the loop does not run.
/// </summary>
internal sealed class AwaitGraph
{
    private static readonly List<Trampoline> s_none = [];
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

    public IReadOnlyList<Trampoline> Tasks { get; }

    /// <summary>Empty for a scheduler that is no loop.</summary>
    public static AwaitGraph Of(CoroutineScheduler scheduler) => new(
        scheduler is EventLoop loop
            ? loop.AllTasks().Select(task => (Trampoline)((Future)task).Step!)
            : []);

    public IReadOnlyList<Trampoline> AwaitersOf(Future future) =>
        _awaiters.GetValueOrDefault(future, s_none);

    public IReadOnlyList<Edge> AwaitedBy(Trampoline task) => _edges[task];

    private void Follow(Trampoline waiter, List<Edge> edges)
    {
        var open = new Stack<(Future Future, CoroutineFrame? Block)>();
        for (AwaitingBlock? block = waiter.Block; block is not null; block = block.Outer)
        {
            Push(open, block.Awaited, block.Frame);
        }

        // Popped first: a future found both ways counts for the innermost frame.
        Push(open, waiter.Wait is Future only ? [only] : Behind(waiter.Wait), null);
        var seen = new HashSet<Future>();
        while (open.TryPop(out (Future Future, CoroutineFrame? Block) at))
        {
            if (at.Future.IsDone || !seen.Add(at.Future))
            {
                continue;
            }

            (CollectionsMarshal.GetValueRefOrAddDefault(_awaiters, at.Future, out _) ??= [])
                .Add(waiter);
            if (at.Future.Step is Trampoline task)
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
        Stack<(Future Future, CoroutineFrame? Block)> open, IEnumerable<Future> futures,
        CoroutineFrame? block)
    {
        foreach (Future future in futures)
        {
            open.Push((future, block));
        }
    }

    /// <summary>Block is the frame of a waiting block, such as a task group, or null.</summary>
    public readonly record struct Edge(Trampoline Task, CoroutineFrame? Block);
}
