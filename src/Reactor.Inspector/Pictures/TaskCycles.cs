namespace Reactor.Inspector;

/// <summary>Finds tasks that wait for each other in a circle. Pure; any thread.</summary>
internal static class TaskCycles
{
    private const int CyclesMax = 10;

    /// <summary>
    /// At least one cycle of each set of tasks that reach each other, up to ten; each begins with
    /// its oldest task.
    /// </summary>
    /// <param name="awaited">For each task the tasks that it awaits.</param>
    public static IReadOnlyList<IReadOnlyList<long>> Find(
        IReadOnlyDictionary<long, IReadOnlyList<long>> awaited)
    {
        var cycles = new List<IReadOnlyList<long>>();
        var seen = new HashSet<long>();
        foreach (long start in awaited.Keys.Order())
        {
            if (seen.Add(start))
            {
                Search(start, awaited, seen, cycles);
            }
        }

        return cycles;
    }

    // Depth first, with the path as a stack: an edge back into the path closes a cycle.
    private static void Search(
        long start, IReadOnlyDictionary<long, IReadOnlyList<long>> awaited, HashSet<long> seen,
        List<IReadOnlyList<long>> cycles)
    {
        List<(long Task, int Next)> path = [(start, 0)];
        var places = new Dictionary<long, int> { [start] = 0 };
        while (path.Count > 0 && cycles.Count < CyclesMax)
        {
            (long task, int next) = path[^1];
            if (next == awaited[task].Count)
            {
                path.RemoveAt(path.Count - 1);
                places.Remove(task);
                continue;
            }

            path[^1] = (task, next + 1);
            long deeper = awaited[task][next];
            if (places.TryGetValue(deeper, out int first))
            {
                cycles.Add(FromOldest([.. path[first..].Select(step => step.Task)]));
            }
            else if (awaited.ContainsKey(deeper) && seen.Add(deeper))
            {
                places.Add(deeper, path.Count);
                path.Add((deeper, 0));
            }
        }
    }

    private static List<long> FromOldest(List<long> cycle)
    {
        int oldest = cycle.IndexOf(cycle.Min());
        return [.. cycle[oldest..], .. cycle[..oldest]];
    }
}
