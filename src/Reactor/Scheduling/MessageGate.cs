namespace Reactor;

/// <summary>Work that another thread has posted, with its number for instruments, or 0.</summary>
internal readonly record struct LoopMessage(LoopWork Work, long Number);

/// <summary>
/// Stands between the mailbox and the ready queue of a loop: it takes what has arrived, and decides
/// what is queued now. A recording notes the messages here, and a replay holds each until its turn.
/// </summary>
/// <remarks>Loop thread only, or the thread that posts while the loop does not run.</remarks>
internal abstract class MessageGate : IForeignEnds
{
    /// <summary>
    /// Called where a loop without a gate drains its mailbox: once a turn after the poll, and
    /// before each post between two runs.
    /// </summary>
    public abstract void Pass(MessagePort port);

    /// <inheritdoc/>
    public abstract bool HasEnded(Task task);

    /// <inheritdoc/>
    public abstract bool IsCancelled(CancellationToken token);

    /// <inheritdoc/>
    public abstract bool MustGoOn(long task, Action<Action>? onCompleted);

    /// <summary>True in a replay, which may wait for a thread longer than its loop did.</summary>
    public virtual bool IsReplay => false;

    /// <summary>True once a replay is over: then pending work is no fault of the program.</summary>
    public virtual bool IsOver => false;

    /// <summary>Returns what it holds back: the loop closes, and tells that work.</summary>
    public abstract IReadOnlyList<LoopWork> TakeHeld();
}

/// <summary>The two ends of a <see cref="MessageGate"/>. Threads as there.</summary>
internal sealed class MessagePort(Mailbox mailbox, ReadyQueue ready)
{
    /// <summary>
    /// Appends what has arrived since the last call, in order, but queues incidental work at once:
    /// it is part of no recording.
    /// </summary>
    public void TakeTo(List<LoopMessage> arrived) => mailbox.TakeTo(arrived, ready);

    /// <summary>Queues a message behind all work that is ready.</summary>
    public void Queue(LoopMessage message) => mailbox.Queue(message, ready);

    /// <summary>Queues work that no thread has posted, in place of a message.</summary>
    public void Queue(LoopWork work) => mailbox.Queue(new LoopMessage(work, 0), ready);
}
