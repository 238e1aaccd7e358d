namespace Reactor.Inspector;

/// <summary>A task of an await tree, as the drawing needs it. Immutable; any thread.</summary>
internal sealed record TreeTask(
    long Id, string Name, PictureFill Fill, string What, string Place, IReadOnlyList<long> Awaits);

/// <summary>A row of an await tree.</summary>
/// <param name="Task">The task; of a group, the first.</param>
/// <param name="Depth">0: no task awaits it.</param>
/// <param name="Parent">The index of the row of the task that awaits it, or -1.</param>
/// <param name="Count">How many equal tasks share the row.</param>
/// <param name="IsCycle">True where the tree comes back to a task of its own path.</param>
/// <param name="IsRepeated">True if the task has a row above.</param>
internal readonly record struct TreeRow(
    TreeTask Task, int Depth, int Parent, int Count, bool IsCycle, bool IsRepeated);

/// <summary>
/// Lays out an await tree as rows: below a task are those that it awaits. Equal tasks that await no
/// task share a row. Depth and rows have bounds, so deep chains do no harm. One thread at a time.
/// </summary>
internal sealed class TreeRows
{
    public const int RowsMax = 60;
    public const int DepthMax = 24;

    // So many equal tasks get a row each.
    private const int EqualMax = 3;

    private readonly Dictionary<long, TreeTask> _tasks;
    private readonly HashSet<long> _done = [];
    private readonly List<TreeRow> _rows = [];

    private TreeRows(IEnumerable<TreeTask> tasks) => _tasks = tasks.ToDictionary(task => task.Id);

    /// <summary>The rows, from top to bottom.</summary>
    public IReadOnlyList<TreeRow> Rows => _rows;

    /// <summary>Tasks without a row, because there are too many or they are too deep.</summary>
    public int LeftOut => _tasks.Count - _done.Count;

    /// <summary>Cycles of tasks, each once, beginning with its oldest task.</summary>
    public IReadOnlyList<IReadOnlyList<TreeTask>> Cycles { get; private set; } = [];

    public static TreeRows Of(IEnumerable<TreeTask> tasks)
    {
        var tree = new TreeRows(tasks);
        tree.Cycles = [.. TaskCycles.Find(
                tree._tasks.ToDictionary(pair => pair.Key, pair => pair.Value.Awaits))
            .Select(cycle => (List<TreeTask>)[.. cycle.Select(id => tree._tasks[id])])];
        HashSet<long> awaited = [.. tree._tasks.Values.SelectMany(task => task.Awaits)];
        // A cycle has no root: its oldest task stands for one, and comes first.
        tree.AddAll([.. tree.Cycles.Select(cycle => cycle[0])]);
        tree.AddAll([.. tree._tasks.Values.Where(task => !awaited.Contains(task.Id))
            .OrderBy(task => task.Id)]);
        return tree;
    }

    private void AddAll(IReadOnlyList<TreeTask> roots)
    {
        foreach (TreeTask[] group in Group(roots))
        {
            if (!_done.Contains(group[0].Id))
            {
                AddTree(group);
            }
        }
    }

    // Not recursive: a chain of awaits may be long.
    private void AddTree(TreeTask[] root)
    {
        var open = new Stack<(TreeTask[] Group, int Depth, int Parent)>();
        open.Push((root, 0, -1));
        while (_rows.Count < RowsMax
            && open.TryPop(out (TreeTask[] Group, int Depth, int Parent) next))
        {
            TreeTask task = next.Group[0];
            bool isRepeated = _done.Contains(task.Id);
            int row = _rows.Count;
            _rows.Add(new TreeRow(
                task, next.Depth, next.Parent, next.Group.Length,
                isRepeated && IsAbove(task, next.Parent), isRepeated));
            _done.UnionWith(next.Group.Select(one => one.Id));
            if (!isRepeated && next.Depth < DepthMax)
            {
                TreeTask[] awaited = [.. task.Awaits.Distinct().Where(_tasks.ContainsKey)
                    .Select(id => _tasks[id])];
                foreach (TreeTask[] group in Group(awaited).Reverse())
                {
                    open.Push((group, next.Depth + 1, row));
                }
            }
        }
    }

    private bool IsAbove(TreeTask task, int row)
    {
        for (; row >= 0; row = _rows[row].Parent)
        {
            if (_rows[row].Task.Id == task.Id)
            {
                return true;
            }
        }

        return false;
    }

    // Tasks that await no task and differ only in the digits of their names.
    private IEnumerable<TreeTask[]> Group(IReadOnlyList<TreeTask> tasks)
    {
        foreach (IGrouping<(string, string, string, long), TreeTask> group in tasks.GroupBy(
            task => (WithoutDigits(task.Name), task.What, task.Place,
                task.Awaits.Count == 0 && !_done.Contains(task.Id) ? 0 : task.Id)))
        {
            TreeTask[] equal = [.. group];
            foreach (TreeTask[] part in equal.Length > EqualMax
                ? [equal] : equal.Select(task => new[] { task }))
            {
                yield return part;
            }
        }
    }

    private static string WithoutDigits(string name) =>
        string.Concat(name.Where(letter => !char.IsAsciiDigit(letter)));
}
