using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>A task that became ready, and the task whose step caused it; 0: the loop.</summary>
internal readonly record struct LaneWake(long Time, long From, long To, bool IsSpawn);

/// <summary>
/// The lanes of a range: one of the loop's thread, and one of each task that lived in it. One
/// thread at a time.
/// </summary>
internal sealed class TaskLanes
{
    private readonly Dictionary<long, Lane> _tasks = [];
    private readonly TraceNames _names;
    private TraceState _state;

    private TaskLanes(TraceState state, TraceNames names) => (_state, _names) = (state, names);

    /// <summary>The loop's thread: polls, callbacks and steps.</summary>
    public Lane Loop { get; } = new(0);

    /// <summary>The lanes of the tasks, in the order of their numbers.</summary>
    public IReadOnlyList<Lane> Tasks { get; private set; } = [];

    public List<LaneWake> Wakes { get; } = [];

    /// <summary>The turns that began in the range.</summary>
    public List<(long Time, long Number)> Turns { get; } = [];

    /// <summary>Works that took longer than the limit of the trace.</summary>
    public List<TraceEvent> Slow { get; } = [];

    /// <summary>Events that the recorder dropped in the range.</summary>
    public long Dropped { get; private set; }

    public static TaskLanes Read(LoopTrace trace, TraceRange range)
    {
        var lanes = new TaskLanes(trace.StateAt(range.First), trace.Names);
        lanes.Begin(range.From);
        foreach (ref readonly TraceEvent e in trace.Events[range.First..range.End])
        {
            lanes.Add(e);
        }

        lanes.End(range.To);
        return lanes;
    }

    // Each task that lives now gets a lane, which begins with what the task does.
    private void Begin(long time)
    {
        ShowLoop(time);
        foreach (TraceTask task in _state.Tasks)
        {
            var lane = new Lane(task.Id) { Name = task.Name };
            _tasks.Add(task.Id, lane);
            lane.Change(TaskLook.Of(task, _names), time, task.WaitsFor);
        }
    }

    private void End(long time)
    {
        Loop.Change(null, time);
        foreach (Lane lane in _tasks.Values)
        {
            lane.Change(null, time);
        }

        Tasks = [.. _tasks.Values.OrderBy(lane => lane.Id)];
    }

    private void Add(in TraceEvent e)
    {
        long running = _state.Running?.Id ?? 0;
        _state = TraceState.Reduce(_state, e);
        switch (e.Kind)
        {
            case TraceEventKind.TurnBegan:
                Turns.Add((e.Time, e.Id));
                ShowLoop(e.Time);
                break;
            case TraceEventKind.Slow:
                Slow.Add(e);
                break;
            case TraceEventKind.Dropped:
                Drop(e);
                break;
            case TraceEventKind.TaskSpawned:
            case TraceEventKind.TaskResumed:
                Ready(e, running);
                break;
            case TraceEventKind.TaskAwaits:
            case TraceEventKind.TaskEnded:
                ShowTask(e);
                break;
            case TraceEventKind.StepBegan:
            case TraceEventKind.StepEnded:
                ShowTask(e);
                ShowLoop(e.Time);
                break;
            case TraceEventKind.PollBegan or TraceEventKind.PollEnded
                or TraceEventKind.CallbackBegan or TraceEventKind.CallbackEnded:
                ShowLoop(e.Time);
                break;
        }
    }

    private void Ready(in TraceEvent e, long running)
    {
        bool isNew = !_tasks.TryGetValue(e.Id, out Lane? lane);
        if (e.Kind == TraceEventKind.TaskSpawned)
        {
            if (isNew)
            {
                _tasks.Add(e.Id, new Lane(e.Id) { Born = e.Time, Name = e.Name });
                Wakes.Add(new LaneWake(e.Time, e.Value, e.Id, IsSpawn: true));
            }
        }
        else if (lane?.Born != e.Time)
        {
            Wakes.Add(new LaneWake(e.Time, running, e.Id, IsSpawn: false));
        }

        ShowTask(e);
    }

    private void ShowTask(in TraceEvent e)
    {
        if (!_tasks.TryGetValue(e.Id, out Lane? lane))
        {
            lane = new Lane(e.Id);
            _tasks.Add(e.Id, lane);
        }

        if (_state.TryGetTask(e.Id, out TraceTask task))
        {
            lane.Change(TaskLook.Of(task, _names), e.Time, task.WaitsFor);
        }
        else
        {
            lane.Change(null, e.Time);
            (lane.Ended, lane.Outcome) = (e.Time, e.Name);
        }
    }

    private void ShowLoop(long time)
    {
        PictureFill? look = _state.Running is { } work
            ? work.Id > 0 ? PictureFill.Step : PictureFill.Callback
            : _state.Phase == TracePhase.Poll ? PictureFill.Poll
            : null;
        Loop.Change(look, time, _state.Running?.Name ?? 0);
    }

    // What happened meanwhile is unknown; what lives is stated anew.
    private void Drop(in TraceEvent e)
    {
        Dropped += e.Value;
        ShowLoop(e.Time);
        foreach (Lane lane in _tasks.Values)
        {
            if (!_state.TryGetTask(lane.Id, out _))
            {
                lane.Change(null, e.Time);
            }
        }
    }
}
