namespace Reactor.Inspector;

/// <summary>Finds tasks that wait for each other in a circle. Pure; any thread.</summary>
internal static class TaskCycles
{
    private const int CyclesMax = 10;

    /// <summary>
    /// At least one cycle of each set of tasks that reach each other, up to ten; each begins with
    /// its oldest task.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<TreeTask>> Find(
        IReadOnlyDictionary<long, TreeTask> tasks)
    {
        var cycles = new List<IReadOnlyList<TreeTask>>();
        var seen = new HashSet<long>();
        foreach (TreeTask start in tasks.Values.OrderBy(task => task.Id))
        {
            if (seen.Add(start.Id))
            {
                Search(start, tasks, seen, cycles);
            }
        }

        return cycles;
    }

    // Depth first, with the path as a stack: an edge back into the path closes a cycle.
    private static void Search(
        TreeTask start, IReadOnlyDictionary<long, TreeTask> tasks, HashSet<long> seen,
        List<IReadOnlyList<TreeTask>> cycles)
    {
        List<(TreeTask Task, int Next)> path = [(start, 0)];
        var places = new Dictionary<long, int> { [start.Id] = 0 };
        while (path.Count > 0 && cycles.Count < CyclesMax)
        {
            (TreeTask task, int next) = path[^1];
            if (next == task.Awaits.Count)
            {
                path.RemoveAt(path.Count - 1);
                places.Remove(task.Id);
                continue;
            }

            path[^1] = (task, next + 1);
            long awaited = task.Awaits[next];
            if (places.TryGetValue(awaited, out int first))
            {
                cycles.Add(FromOldest([.. path[first..].Select(step => step.Task)]));
            }
            else if (tasks.TryGetValue(awaited, out TreeTask? deeper) && seen.Add(awaited))
            {
                places.Add(awaited, path.Count);
                path.Add((deeper, 0));
            }
        }
    }

    private static List<TreeTask> FromOldest(List<TreeTask> cycle)
    {
        int oldest = cycle.IndexOf(cycle.MinBy(task => task.Id)!);
        return [.. cycle[oldest..], .. cycle[..oldest]];
    }
}
