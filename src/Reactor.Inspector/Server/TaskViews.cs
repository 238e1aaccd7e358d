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
    private const int DepthMax = 40;
    private const int CyclesMax = 10;

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
        HashSet<long> awaited = [.. _tasks.SelectMany(AwaitedBy)];
        // A cycle has no root: its oldest task stands for one.
        foreach (TraceTask task in _tasks.Where(task => !awaited.Contains(task.Id)).Concat(_tasks))
        {
            if (!_drawn.Contains(task.Id))
            {
                Draw(task);
            }
        }

        return new TreeView([.. Cycles().Take(CyclesMax)], _lines, _leftOut);
    }

    private static string StateOf(TraceTask task) => task.State switch
    {
        TraceTaskState.Running => "running",
        TraceTaskState.Waiting => "waiting",
        _ => "ready",
    };

    private static IEnumerable<long> AwaitedBy(TraceTask task) =>
        task.Awaits == 0 ? [] : [task.Awaits, .. task.AwaitsToo ?? []];

    private void Draw(TraceTask task)
    {
        bool isCycle = _path.Contains(task.Id);
        bool isShown = !isCycle && !_drawn.Add(task.Id);
        if (_lines.Count == LinesMax)
        {
            _leftOut++;
        }
        else
        {
            string? note = isCycle ? "cycle" : isShown ? "above" : null;
            _lines.Add(new TreeLineView(2 * _path.Count, NameOf(task), true, isCycle, note));
            if (note is null && WaitOf(task) is { Length: > 0 } wait && _lines.Count < LinesMax)
            {
                _lines.Add(new TreeLineView((2 * _path.Count) + 1, wait, false, false));
            }
        }

        if (isCycle || isShown || _path.Count == DepthMax)
        {
            return;
        }

        _path.Add(task.Id);
        foreach (long id in AwaitedBy(task))
        {
            if (_byId.TryGetValue(id, out TraceTask awaited))
            {
                Draw(awaited);
            }
        }

        _path.RemoveAt(_path.Count - 1);
    }

    private string WaitOf(TraceTask task) =>
        $"{_names[task.WaitsFor]} {_names[task.Place]}".Trim();

    // Each task waits for one other, and the last for the first: only then none can continue.
    private IEnumerable<string> Cycles()
    {
        var done = new HashSet<long>();
        foreach (TraceTask start in _tasks)
        {
            var path = new List<long>();
            TraceTask at = start;
            while (done.Add(at.Id))
            {
                path.Add(at.Id);
                if (at.Awaits == 0 || at.AwaitsToo is not null
                    || !_byId.TryGetValue(at.Awaits, out at))
                {
                    break;
                }

                int begin = path.IndexOf(at.Id);
                if (begin >= 0)
                {
                    yield return string.Join(
                        " → ", path.Skip(begin).Append(at.Id).Select(id => NameOf(_byId[id])));
                }
            }
        }
    }

    private string NameOf(TraceTask task) =>
        string.Create(CultureInfo.InvariantCulture, $"{_names[task.Name]} #{task.Id}");
}
