namespace Reactor.Recording;

/// <summary>
/// Where in its turn a loop is; the phases of a turn follow each other in this order.
/// </summary>
public enum TracePhase : byte
{
    /// <summary>Between two turns, or before the first.</summary>
    Between,

    /// <summary>The turn purges cancelled timers.</summary>
    Begin,

    /// <summary>It polls; what completes is queued meanwhile.</summary>
    Poll,

    /// <summary>It queues messages of other threads.</summary>
    Queue,

    /// <summary>It queues due timers.</summary>
    Due,

    /// <summary>It runs the work that was ready when the batch began.</summary>
    Batch,
}

/// <summary>What a task does.</summary>
public enum TraceTaskState : byte
{
    /// <summary>It was made, and its first step is not queued.</summary>
    New,

    /// <summary>Its step is in the ready queue.</summary>
    Ready,

    /// <summary>Its step runs.</summary>
    Running,

    /// <summary>It waits.</summary>
    Waiting,
}

/// <summary>An unfinished task at a moment of a trace.</summary>
public record struct TraceTask
{
    /// <summary>Its number on the loop.</summary>
    public long Id { get; internal set; }

    /// <summary>Its name, or its coroutine.</summary>
    public int Name { get; internal set; }

    /// <summary>What it does.</summary>
    public TraceTaskState State { get; internal set; }

    /// <summary>True while its step is queued, also while the step before runs.</summary>
    public bool IsQueued { get; internal set; }

    /// <summary>True while it waits for I/O.</summary>
    public bool IsInOperation { get; internal set; }

    /// <summary>What it waits for; 0 if it does not wait.</summary>
    public int WaitsFor { get; internal set; }

    /// <summary>The line of its last await; before the first, of its method.</summary>
    public int Place { get; internal set; }

    /// <summary>The task that made it, or 0.</summary>
    public long Parent { get; internal set; }

    /// <summary>The task that it awaits, or 0.</summary>
    public long Awaits { get; internal set; }

    /// <summary>More tasks, if it awaits several; else null.</summary>
    public IReadOnlyList<long>? AwaitsToo { get; internal set; }

    /// <summary>The time of its last change of state, in ns of the trace.</summary>
    public long Since { get; internal set; }

    /// <summary>The number of its steps.</summary>
    public long Steps { get; internal set; }

    /// <summary>How long its steps took, in ns.</summary>
    public long RunTime { get; internal set; }

    internal bool IsTold { get; set; } // its present wait is known
}

/// <summary>Work in the ready queue, or the work that runs.</summary>
/// <param name="Id">The task, or 0 for a callback.</param>
/// <param name="Name">The task or the callback.</param>
/// <param name="Place">The line where it continues, or was posted; or 0.</param>
/// <param name="Since">When it was queued, or began to run, in ns of the trace.</param>
public readonly record struct TraceWork(long Id, int Name, int Place, long Since);

/// <summary>An armed timer.</summary>
/// <param name="Id">The number of the arming.</param>
/// <param name="Due">When it is due, in ns of the loop's clock.</param>
/// <param name="Name">Its callback or task.</param>
/// <param name="Armed">When it was armed, in ns of the trace.</param>
public readonly record struct TraceTimer(long Id, long Due, int Name, long Armed);

/// <summary>An object of the program that tells its state, such as a connection.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Id">Its number.</param>
/// <param name="State">Its state.</param>
/// <param name="Since">When it came into that state, in ns of the trace.</param>
public readonly record struct TraceObject(int Kind, long Id, int State, long Since);

/// <summary>A message that a thread has posted and the loop has not received.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Thread">The managed id of the thread that posted it.</param>
/// <param name="Posted">When, in ns of the trace.</param>
public readonly record struct TraceMessage(long Id, int Kind, long Thread, long Posted);

/// <summary>How often things have happened since the begin of the trace.</summary>
public record struct TraceCounters
{
    /// <summary>All events.</summary>
    public long Events { get; internal set; }

    /// <summary>Turns.</summary>
    public long Turns { get; internal set; }

    /// <summary>Polls; a turn may skip its poll.</summary>
    public long Polls { get; internal set; }

    /// <summary>Steps of tasks.</summary>
    public long Steps { get; internal set; }

    /// <summary>Callbacks.</summary>
    public long Callbacks { get; internal set; }

    /// <summary>Tasks made.</summary>
    public long TasksSpawned { get; internal set; }

    /// <summary>Tasks ended.</summary>
    public long TasksEnded { get; internal set; }

    /// <summary>Waits for I/O.</summary>
    public long Operations { get; internal set; }

    /// <summary>Timers armed.</summary>
    public long TimersArmed { get; internal set; }

    /// <summary>Timers that were due.</summary>
    public long TimersFired { get; internal set; }

    /// <summary>Timers cancelled.</summary>
    public long TimersCancelled { get; internal set; }

    /// <summary>Messages posted by other threads.</summary>
    public long MessagesPosted { get; internal set; }

    /// <summary>Messages received.</summary>
    public long MessagesReceived { get; internal set; }

    /// <summary>Callbacks and steps longer than the limit.</summary>
    public long Slow { get; internal set; }

    /// <summary>Events that were dropped.</summary>
    public long Dropped { get; internal set; }
}
