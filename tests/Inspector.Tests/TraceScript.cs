using Reactor.Recording;

namespace Inspector.Tests;

/// <summary>
/// A trace written by hand, event by event, on a clock that the test moves: the expected picture
/// can be derived from the script.
/// </summary>
internal sealed class TraceScript
{
    private readonly List<TraceEvent> _events = [];
    private long _time;

    public TraceNames Names { get; } = new();

    public TraceInfo Info { get; init; } = new()
    {
        Program = "script",
        Version = "1.0",
        Driver = "in memory",
        Begin = new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero),
    };

    public int Count => _events.Count;

    /// <summary>Moves the clock.</summary>
    public TraceScript After(long nanoseconds)
    {
        _time += nanoseconds;
        return this;
    }

    public TraceScript Add(
        TraceEventKind kind, long id = 0, long value = 0, string name = "", string place = "")
    {
        _events.Add(new TraceEvent(kind, _time, id, value, Names.Add(name), Names.Add(place)));
        return this;
    }

    public TraceScript Turn(long number) => Add(TraceEventKind.TurnBegan, number);

    public TraceScript Poll(long timeout, long duration) =>
        Add(TraceEventKind.PollBegan, 0, timeout).After(duration).Add(TraceEventKind.PollEnded);

    public TraceScript Batch(int works) => Add(TraceEventKind.BatchBegan, 0, works);

    public TraceScript Callback(string name, long duration) =>
        Add(TraceEventKind.CallbackBegan, 0, 0, name).After(duration)
            .Add(TraceEventKind.CallbackEnded);

    /// <summary>Makes a task, whose first step is queued.</summary>
    public TraceScript Spawn(long id, string name, long parent = 0) =>
        Add(TraceEventKind.TaskSpawned, id, parent, name).Add(TraceEventKind.TaskResumed, id);

    public TraceScript Step(long id, long duration) =>
        Add(TraceEventKind.StepBegan, id).After(duration).Add(TraceEventKind.StepEnded, id);

    public TraceScript Awaits(long id, string what, string place = "", long task = 0) =>
        Add(TraceEventKind.TaskAwaits, id, task, what, place);

    /// <summary>A wait for I/O.</summary>
    public TraceScript Receives(long id, string place = "") =>
        Add(TraceEventKind.OperationBegan, id, 0, "receive").Awaits(id, "receive", place);

    public TraceScript Received(long id) =>
        Add(TraceEventKind.OperationEnded, id).Add(TraceEventKind.TaskResumed, id);

    public TraceScript State(long id, string state, string kind = "connection") =>
        Add(TraceEventKind.StateChanged, id, 0, state, kind);

    public TraceScript Ends(long id, string outcome = "done") =>
        Add(TraceEventKind.TaskEnded, id, 0, outcome);

    public LoopTrace Build() => new(Info, Names, _events);
}
