namespace Reactor.Inspector;

/// <summary>
/// The state of a loop at one moment as the page shows it: bounded lists, texts and numbers only.
/// Times and durations are in nanoseconds. Immutable; any thread.
/// </summary>
internal sealed record StateView
{
    /// <summary><c>live</c> or <c>recorded</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>Grows with each state of a live loop; 0 in a recording.</summary>
    public long Version { get; init; }

    /// <summary>Changes when a recording begins or ends.</summary>
    public int RecordingVersion { get; init; }

    /// <summary>True if the live loop is closed.</summary>
    public bool HasEnded { get; init; }

    public required MomentView Moment { get; init; }

    public required TurnView Turn { get; init; }

    public required QueueView Ready { get; init; }

    public required TimersView Timers { get; init; }

    public required TasksView Tasks { get; init; }

    public required IReadOnlyList<ObjectsView> Objects { get; init; }

    public required TreeView Tree { get; init; }

    public required IReadOnlyList<HistogramView> Histograms { get; init; }

    /// <summary>The last events, newest last.</summary>
    public required IReadOnlyList<EventView> Events { get; init; }

    public required CountersView Counters { get; init; }

    /// <summary>Not null while one piece of work has run for too long.</summary>
    public BlockedView? Blocked { get; init; }

    /// <summary>The last minute of a live loop, oldest first.</summary>
    public IReadOnlyList<SpanView> History { get; init; } = [];
}

/// <summary>A position in a trace: the state after so many of its events.</summary>
internal sealed record MomentView(long Event, long Events, long TimeNs, long EndNs);

/// <summary>The turn: its phase, its batch, and the share of the last second in polls.</summary>
internal sealed record TurnView(
    long Number, string Phase, long SinceNs, long BatchSize, long BatchDone, WorkView? Running,
    double? PollShare);

/// <summary>A piece of work; Kind is task, callback, timer or message.</summary>
internal sealed record WorkView(string Kind, long Id, string Name, string? Place);

/// <summary>
/// The first works of the queue, of which the first InBatch run in this turn, and the messages that
/// the loop has not received yet.
/// </summary>
internal sealed record QueueView(
    int Count, int InBatch, IReadOnlyList<WorkView> Items, int LeftOut,
    IReadOnlyList<WorkView> Messages, int MessageCount);

/// <summary>An armed timer; a negative time is its lateness; null: unknown.</summary>
internal sealed record TimerView(long Id, string Kind, string Name, long? DueInNs);

/// <summary>The armed timers, earliest first.</summary>
internal sealed record TimersView(int Count, IReadOnlyList<TimerView> Items, int LeftOut);

/// <summary>Tasks in the same state that wait for the same at the same line.</summary>
internal sealed record WaitGroupView(
    string State, string What, string? Place, int Count, string Example);

/// <summary>All unfinished tasks in groups, the largest first.</summary>
internal sealed record TasksView(int Count, IReadOnlyList<WaitGroupView> Groups, int LeftOut);

/// <summary>The number of objects in a state, and the numbers of the first of them.</summary>
internal sealed record StateCountView(string State, int Count, IReadOnlyList<long> Ids);

/// <summary>The objects of a kind, by state.</summary>
internal sealed record ObjectsView(
    string Kind, int Count, IReadOnlyList<StateCountView> States);

/// <summary>
/// A line of the await tree: a task, or what it awaits. Note is cycle or above: why nothing is
/// below.
/// </summary>
internal sealed record TreeLineView(
    int Depth, string Text, bool IsTask, bool IsCycle, string? Note = null);

/// <summary>The await tree; IsLate if the loop did not answer and the trace did.</summary>
internal sealed record TreeView(
    IReadOnlyList<string> Cycles, IReadOnlyList<TreeLineView> Lines, int LeftOut,
    bool IsLate = false);

/// <summary>The number of values from a limit to twice that limit.</summary>
internal sealed record BucketView(long FromNs, long Count);

/// <summary>
/// One of the worst values: whose it is, what ran meanwhile, and the event that ended it.
/// </summary>
internal sealed record CulpritView(
    string Name, string? Place, long ValueNs, long TimeNs, long Turn, long Event, string? Cause);

/// <summary>A histogram with its worst values.</summary>
internal sealed record HistogramView(
    string Name, long Count, long P50Ns, long P99Ns, long MaxNs,
    IReadOnlyList<BucketView> Buckets, IReadOnlyList<CulpritView> Culprits);

/// <summary>
/// An event as a key of the strings table, with the values of its placeholders; those that are
/// durations in nanoseconds are separate.
/// </summary>
internal sealed record EventView(
    long Index, long TimeNs, string Key, IReadOnlyDictionary<string, string> Args,
    IReadOnlyDictionary<string, long>? Durations);

/// <summary>What has happened since the begin of the trace.</summary>
internal sealed record CountersView(
    long Turns, long Polls, long Callbacks, long Steps, long Messages, long Slow, long Dropped);

/// <summary>The work that blocks the loop, and the line from which it runs.</summary>
internal sealed record BlockedView(long ForNs, string What, string? Place);

/// <summary>
/// A span of the timeline: share of time worked, number of events, slow works, and the event of the
/// first of these or 0.
/// </summary>
internal sealed record SpanView(double Busy, long Events, int Slow, long SlowEvent = 0);
