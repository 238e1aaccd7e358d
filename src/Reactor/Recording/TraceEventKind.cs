namespace Reactor.Recording;

/// <summary>
/// What a <see cref="TraceEvent"/> says happened, and the meaning of its fields. The numbers are
/// part of the file format and do not change.
/// </summary>
public enum TraceEventKind : byte
{
    /// <summary>No event: the default value.</summary>
    None = 0,

    /// <summary>A turn began. Id: its number.</summary>
    TurnBegan = 1,

    /// <summary>A poll began. Value: its timeout in ns; -1: none; 0: it does not wait.</summary>
    PollBegan = 2,

    /// <summary>The poll ended.</summary>
    PollEnded = 3,

    /// <summary>The turn runs what is ready now. Value: how many works.</summary>
    BatchBegan = 4,

    /// <summary>
    /// Work that is no step of a task began. Name: its method; Place: where it was posted.
    /// </summary>
    CallbackBegan = 5,

    /// <summary>The callback ended.</summary>
    CallbackEnded = 6,

    /// <summary>
    /// A timer was armed. Id: its number; Value: when it is due, in ns of the loop's clock; Name:
    /// its callback or task.
    /// </summary>
    TimerArmed = 7,

    /// <summary>A timer was due. Id: its number; Value: how late, in ns.</summary>
    TimerFired = 8,

    /// <summary>A timer was cancelled. Id: its number.</summary>
    TimerCancelled = 9,

    /// <summary>
    /// A task began to wait for I/O; its <see cref="TaskAwaits"/> follows. Id: the task; Name: the
    /// operation.
    /// </summary>
    OperationBegan = 10,

    /// <summary>
    /// The wait for I/O ended; <see cref="TaskResumed"/> of the task follows. Id: the task.
    /// </summary>
    OperationEnded = 11,

    /// <summary>
    /// An object of the program changed its state. Id: the object; Value: 1 if no other state
    /// follows; Name: the state; Place: the kind of the object, such as <c>connection</c>.
    /// </summary>
    StateChanged = 12,

    /// <summary>
    /// A task was made. Id: the task; Value: the task that made it, or 0; Name: its name, or its
    /// coroutine if the program gave none.
    /// </summary>
    TaskSpawned = 13,

    /// <summary>
    /// A task began to wait. Id: the task; Value: the task that it awaits, or 0; Name: for what;
    /// Place: the line of the await.
    /// </summary>
    TaskAwaits = 14,

    /// <summary>The wait of a task is over, and its step is queued. Id: the task.</summary>
    TaskResumed = 15,

    /// <summary>A step of a task began. Id: the task.</summary>
    StepBegan = 16,

    /// <summary>The step ended. Id: the task.</summary>
    StepEnded = 17,

    /// <summary>
    /// A task ended. Id: the task; Name: <c>done</c>, <c>cancelled</c> or <c>failed: Type</c>.
    /// </summary>
    TaskEnded = 18,

    /// <summary>
    /// A thread posted work. Id: the message; Name: its kind; Value: the managed id of the thread.
    /// </summary>
    MessagePosted = 19,

    /// <summary>The loop queued the work of a message. Id: the message.</summary>
    MessageReceived = 20,

    /// <summary>
    /// A callback or step took longer than the limit; comes right after its end. Id: the task, or
    /// 0; Value: how long, in ns; Name: what ran; Place: its line.
    /// </summary>
    Slow = 21,

    /// <summary>
    /// Events were dropped here, because the reader was behind. Value: how many. Id 0: what follows
    /// states tasks, ready work, timers and objects anew, at the begin of a turn; 1: only <see
    /// cref="MessagePosted"/> events were dropped.
    /// </summary>
    Dropped = 22,

    /// <summary>
    /// Work that is no step of a task was queued, behind all that is ready. Name and Place as in
    /// <see cref="CallbackBegan"/>.
    /// </summary>
    CallbackQueued = 23,
}
