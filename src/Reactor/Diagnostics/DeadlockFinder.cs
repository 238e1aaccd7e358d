using System.Runtime.CompilerServices;

namespace Reactor.Diagnostics;

/// <summary>
/// Finds tasks that can never end because they wait for each other. A task that waits for all of
/// several is stuck if one of them is; a task that waits for the first of several, if all are.
/// Loop thread only, or while the loop does not run.
/// </summary>
/// <remarks>
/// A fixed point: from the set of all tasks, those that can continue are removed, then their
/// awaiters, until nothing changes.
/// </remarks>
internal static class DeadlockFinder
{
    public static List<TaskCycle> Find(AwaitGraph graph)
    {
        HashSet<Trampoline> stuck = [.. graph.Tasks];
        var open = new Queue<Trampoline>(graph.Tasks);
        HashSet<Trampoline> isOpen = [.. graph.Tasks]; // each at most once
        while (open.TryDequeue(out Trampoline? task))
        {
            isOpen.Remove(task);
            if (IsTaskStuck(task, stuck))
            {
                continue;
            }

            stuck.Remove(task);
            foreach (Trampoline awaiter in graph.AwaitersOf((Future)task.Owner))
            {
                if (stuck.Contains(awaiter) && isOpen.Add(awaiter))
                {
                    open.Enqueue(awaiter);
                }
            }
        }

        return CyclesOf(graph, stuck);
    }

    private static bool IsTaskStuck(Trampoline task, HashSet<Trampoline> stuck)
    {
        for (AwaitingBlock? block = task.Block; block is not null; block = block.Outer)
        {
            if (block.Awaited.Any(child => IsStuck(child, stuck)))
            {
                return true;
            }
        }

        return task.Wait is { } wait && IsStuck(wait, stuck);
    }

    // Combinators nested deeper than the stack allows count as not stuck.
    private static bool IsStuck(object source, HashSet<Trampoline> stuck) => source switch
    {
        _ when !RuntimeHelpers.TryEnsureSufficientExecutionStack() => false,
        Future { IsDone: true } => false,
        Future { Step: { } task } => stuck.Contains(task),
        IAwaitsFutures { IsOneEnough: true } many =>
            many.Awaited.Any() && many.Awaited.All(one => IsStuck(one, stuck)),
        IAwaitsFutures many => many.Awaited.Any(one => IsStuck(one, stuck)),
        _ => false,
    };

    // Each stuck task waits for a stuck task, so following these leads to a cycle.
    private static List<TaskCycle> CyclesOf(AwaitGraph graph, HashSet<Trampoline> stuck)
    {
        var cycles = new List<TaskCycle>();
        var walkOf = new Dictionary<Trampoline, int>();
        int walk = 0;
        foreach (Trampoline start in graph.Tasks.Where(stuck.Contains))
        {
            walk++;
            Trampoline at = start;
            while (walkOf.TryAdd(at, walk))
            {
                at = NextOf(at);
            }

            if (walkOf[at] == walk) // not a cycle of an earlier walk
            {
                var members = new List<Trampoline> { at };
                for (Trampoline one = NextOf(at); one != at; one = NextOf(one))
                {
                    members.Add(one);
                }

                cycles.Add(TaskCycle.Of(members));
            }
        }

        return cycles;

        Trampoline NextOf(Trampoline task) =>
            graph.AwaitedBy(task).First(edge => stuck.Contains(edge.Task)).Task;
    }
}
