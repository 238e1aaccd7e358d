using System.Globalization;
using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Shows the tasks of a state: in groups by what they wait for, and as the tree of what they await,
/// with its cycles. One thread, for one view.
/// </summary>
internal sealed class TaskViews
{
    private const int GroupsMax = 40;
    private const int LinesMax = 400;

    private readonly TraceNames _names;
    private readonly IReadOnlyList<TraceTask> _tasks;
    private readonly Dictionary<long, TraceTask> _byId;
    private readonly List<TreeLineView> _lines = [];
    private readonly List<long> _path = [];
    private readonly HashSet<long> _drawn = [];
    private int _leftOut;

    public TaskViews(IReadOnlyList<TraceTask> tasks, TraceNames names)
    {
        (_tasks, _names) = (tasks, names);
        _byId = tasks.ToDictionary(task => task.Id);
    }

    public TasksView Groups()
    {
        var groups = _tasks
            .GroupBy(task => (State: StateOf(task), task.WaitsFor, task.Place))
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.First().Id)
            .ToArray();
        return new TasksView(
            _tasks.Count,
            [.. groups.Take(GroupsMax).Select(group => new WaitGroupView(
                group.Key.State, _names[group.Key.WaitsFor],
                StateReader.PlaceOf(group.Key.Place, _names), group.Count(),
                NameOf(group.First())))],
            Math.Max(0, groups.Length - GroupsMax));
    }

    /// <summary>
    /// Roots are tasks that no task awaits; a task with several awaiters is below one of them.
    /// </summary>
    public TreeView Tree()
    {
        Dictionary<long, IReadOnlyList<long>> awaited = _tasks.ToDictionary(
            task => task.Id, task => (IReadOnlyList<long>)[.. AwaitedBy(task).Distinct()]);
        IReadOnlyList<IReadOnlyList<long>> cycles = TaskCycles.Find(awaited);
        IEnumerable<long> roots = awaited.Keys.Except(awaited.Values.SelectMany(ids => ids));
        // A cycle has no root: its oldest task stands for one. The rest is below cycles beyond the
        // number that is searched for.
        foreach (long root in roots.Concat(cycles.Select(cycle => cycle[0])).Concat(awaited.Keys))
        {
            if (!_drawn.Contains(root))
            {
                Draw(root, awaited);
            }
        }

        return new TreeView(
            [.. cycles.Select(cycle => string.Join(
                " → ", cycle.Append(cycle[0]).Select(id => NameOf(_byId[id]))))],
            _lines, _leftOut);
    }

    private static string StateOf(TraceTask task) => task.State switch
    {
        TraceTaskState.New => "new",
        TraceTaskState.Running => "running",
        TraceTaskState.Waiting => "waiting",
        _ => "ready",
    };

    private static IEnumerable<long> AwaitedBy(TraceTask task) =>
        task.Awaits == 0 ? [] : [task.Awaits, .. task.AwaitsToo ?? []];

    // Not recursive: a chain of awaits may be long. All of it is visited, also what has no line, so
    // that it is no root.
    private void Draw(long root, Dictionary<long, IReadOnlyList<long>> awaited)
    {
        var open = new Stack<(long Task, int Depth)>([(root, 0)]);
        while (open.TryPop(out (long Task, int Depth) at))
        {
            _path.RemoveRange(at.Depth, _path.Count - at.Depth);
            bool isRepeated = !_drawn.Add(at.Task);
            AddLines(_byId[at.Task], at.Depth, isRepeated
                ? _path.Contains(at.Task) ? "cycle" : "above" : null);
            if (!isRepeated)
            {
                _path.Add(at.Task);
                foreach (long id in awaited[at.Task].Where(_byId.ContainsKey).Reverse())
                {
                    open.Push((id, at.Depth + 1));
                }
            }
        }
    }

    private void AddLines(in TraceTask task, int depth, string? note)
    {
        if (_lines.Count == LinesMax)
        {
            _leftOut++;
            return;
        }

        _lines.Add(new TreeLineView(2 * depth, NameOf(task), true, note == "cycle", note));
        if (note is null && WaitOf(task) is { Length: > 0 } wait && _lines.Count < LinesMax)
        {
            _lines.Add(new TreeLineView((2 * depth) + 1, wait, false, false));
        }
    }

    private string WaitOf(TraceTask task) =>
        $"{_names[task.WaitsFor]} {_names[task.Place]}".Trim();

    private string NameOf(TraceTask task) =>
        string.Create(CultureInfo.InvariantCulture, $"{_names[task.Name]} #{task.Id}");
}
