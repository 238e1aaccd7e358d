using System.Runtime.CompilerServices;

namespace Reactor.Recording;

/// <summary>
/// The state of a loop at a moment of its trace: the turn, its phase, the ready queue, timers,
/// tasks, objects, messages, counters and histograms. <see cref="Reduce"/> moves it by one event;
/// page, pictures and tests all use it. One thread at a time.
/// </summary>
/// <remarks>
/// Names and places are numbers in the <see cref="TraceNames"/> of the trace. The state tolerates a
/// trace that begins in the middle of a run: what it has not seen being made is added when it is
/// first told.
/// </remarks>
public sealed partial class TraceState
{
    private const int KindShift = 40;

    private IdTable<TraceTask> _tasks = new();
    private IdTable<TraceTimer> _timers = new();
    private IdTable<TraceObject> _objects = new();
    private IdTable<TraceMessage> _messages = new();
    private TraceQueue _ready = new();
    private TraceCounters _counters;
    private TraceWork _pollWake;

    // The longest work of this turn and of the one before; Since is its duration.
    private TraceWork _longest;
    private TraceWork _longestBefore;

    /// <summary>The time of the last event, in ns of the trace.</summary>
    public long Time { get; private set; }

    /// <summary>The number of the turn; 0 before the first.</summary>
    public long Turn { get; private set; }

    /// <summary>When the turn began, in ns of the trace.</summary>
    public long TurnBegan { get; private set; }

    /// <summary>The phase of the turn.</summary>
    public TracePhase Phase { get; private set; }

    /// <summary>When the phase began, in ns of the trace.</summary>
    public long PhaseBegan { get; private set; }

    /// <summary>The timeout of the last poll in ns; -1: none; 0: it did not wait.</summary>
    public long PollTimeout { get; private set; }

    /// <summary>The works of this turn's batch; what is queued behind them runs later.</summary>
    public long BatchCount { get; private set; }

    /// <summary>
    /// How many of the first works in <see cref="Ready"/> run in this turn: the line where the
    /// batch ends.
    /// </summary>
    public long BatchLeft { get; private set; }

    /// <summary>The work that runs now; null: none.</summary>
    public TraceWork? Running { get; private set; }

    /// <summary>The work in the ready queue, in order.</summary>
    public IReadOnlyList<TraceWork> Ready =>
        [.. Enumerable.Range(0, _ready.Count).Select(i => _ready[i])];

    /// <summary>The length of the ready queue.</summary>
    public int ReadyCount => _ready.Count;

    /// <summary>The unfinished tasks, in the order of their numbers.</summary>
    public IReadOnlyList<TraceTask> Tasks => [.. _tasks.Entries.OrderBy(task => task.Id)];

    /// <summary>The number of unfinished tasks.</summary>
    public int TaskCount => _tasks.Count;

    /// <summary>The armed timers, the earliest first.</summary>
    public IReadOnlyList<TraceTimer> Timers =>
        [.. _timers.Entries.OrderBy(timer => (timer.Due, timer.Id))];

    /// <summary>The number of armed timers.</summary>
    public int TimerCount => _timers.Count;

    /// <summary>The objects that have told a state, by kind and number.</summary>
    public IReadOnlyList<TraceObject> Objects =>
        [.. _objects.Entries.OrderBy(known => (known.Kind, known.Id))];

    /// <summary>The number of such objects.</summary>
    public int ObjectCount => _objects.Count;

    /// <summary>The messages under way, in the order of their numbers.</summary>
    public IReadOnlyList<TraceMessage> Messages =>
        [.. _messages.Entries.OrderBy(message => message.Id)];

    /// <summary>The number of messages under way.</summary>
    public int MessageCount => _messages.Count;

    /// <summary>How often things have happened.</summary>
    public TraceCounters Counters => _counters;

    /// <summary>How long work was in the ready queue.</summary>
    public TraceHistogram QueueWait { get; private set; } = new();

    /// <summary>How long callbacks and steps ran.</summary>
    public TraceHistogram RunTime { get; private set; } = new();

    /// <summary>How late timers were.</summary>
    public TraceHistogram TimerLateness { get; private set; } = new();

    /// <summary>How long polls took; the name of a culprit is what ended its wait.</summary>
    public TraceHistogram Poll { get; private set; } = new();

    /// <summary>The last event about slow work; its kind is None if there was none.</summary>
    public TraceEvent LastSlow { get; private set; }

    /// <summary>Looks up an unfinished task.</summary>
    public bool TryGetTask(long id, out TraceTask task)
    {
        ref TraceTask known = ref _tasks.Find(id);
        bool isKnown = !Unsafe.IsNullRef(ref known);
        task = isKnown ? known : default;
        return isKnown;
    }

    /// <summary>A copy, which later events do not change; costs a copy of a few arrays.</summary>
    public TraceState Clone()
    {
        var copy = (TraceState)MemberwiseClone();
        copy._tasks = _tasks.Clone();
        copy._timers = _timers.Clone();
        copy._objects = _objects.Clone();
        copy._messages = _messages.Clone();
        copy._ready = _ready.Clone();
        copy.QueueWait = QueueWait.Clone();
        copy.RunTime = RunTime.Clone();
        copy.TimerLateness = TimerLateness.Clone();
        copy.Poll = Poll.Clone();
        return copy;
    }
}
