namespace Reactor;

/// <summary>
/// The next step of a suspended task, as awaiters see it: what to post when the wait is over. The
/// task itself is the trampoline in the room Coroutines; waiting needs no more than this.
/// </summary>
/// <remarks>Loop thread only.</remarks>
public abstract class TaskStep : LoopWork
{
    private protected TaskStep(CoroutineScheduler scheduler) => Scheduler = scheduler;

    /// <summary>Who runs the task.</summary>
    public CoroutineScheduler Scheduler { get; }

    /// <summary>The step that runs on this thread now, or null. Any thread.</summary>
    public static TaskStep? Current => CoroutineScheduler.Current?.RunningStep;

    /// <summary>
    /// The step that a continuation resumes, if a task gave it to a foreign awaitable; else null. A
    /// source behind a <see cref="ValueTask"/> then calls <see cref="SuspendOn"/>, so that a
    /// cancellation of the task can reach it. Any thread.
    /// </summary>
    /// <param name="continuation">What <c>OnCompleted</c> was given.</param>
    public static TaskStep? Of(Delegate continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        return continuation.Target switch
        {
            ForeignAwait foreign => foreign.Step,
            TaskStep own when own.IsForeignContinuation(continuation) => own,
            _ => null,
        };
    }

    /// <summary>
    /// Tells the task what it waits for, so that cancelling the task can reach the source. Called
    /// by an awaiter from <see cref="ILoopAwaiter.OnSuspend"/>, last.
    /// </summary>
    public abstract void SuspendOn(IWaitSource source);

    /// <summary>
    /// Posts the step, so that the task goes on in the next turn; again is harmless.
    /// </summary>
    public void Resume()
    {
        if (!IsQueued)
        {
            Scheduler.Post(this);
        }
    }

    /// <summary>
    /// Throws the cancellation that interrupted the wait, once. Every awaiter of ours calls it
    /// first in its <c>GetResult</c>.
    /// </summary>
    /// <exception cref="LoopCanceledException">The task was cancelled while it waited.</exception>
    public abstract void ThrowIfInterrupted();

    /// <summary>True if <see cref="ThrowIfInterrupted"/> would throw.</summary>
    internal abstract bool IsInterrupted { get; }

    /// <summary>
    /// True while the task defers a cancellation until what it started has ended: debug mode then
    /// does not report the cancellation as swallowed.
    /// </summary>
    internal abstract bool KeepsCancellation { get; set; }

    /// <summary>
    /// True if the delegate is the continuation that this task gives to foreign awaitables.
    /// </summary>
    internal abstract bool IsForeignContinuation(Delegate continuation);

    /// <summary>The task that this is a step of.</summary>
    public abstract object Owner { get; }

    /// <summary>
    /// The task's place in a line, kept here by the room Sync: a task stands in one line at a time,
    /// so it is made at the first wait and used again.
    /// </summary>
    internal object? WaiterSlot { get; set; }

    /// <summary>Where the scheduler keeps the task in its list of unfinished ones.</summary>
    internal int RegistryIndex { get; set; } = -1;
}
