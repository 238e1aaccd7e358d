namespace Reactor;

/// <summary>
/// The next step of a suspended task, as awaiters see it: what to post when the wait is over. The
/// task itself is the trampoline in the room Coroutines.
/// </summary>
/// <remarks>Loop thread only.</remarks>
public abstract class TaskStep : LoopWork
{
    private protected TaskStep(CoroutineScheduler scheduler) => Scheduler = scheduler;

    /// <summary>The scheduler that runs the task.</summary>
    public CoroutineScheduler Scheduler { get; }

    /// <summary>The step that runs on this thread now, or null. Any thread.</summary>
    public static TaskStep? Current => CoroutineScheduler.Current?.RunningStep;

    /// <summary>
    /// The step that a continuation resumes, if a task gave it to a foreign awaitable; else null. A
    /// source behind a <see cref="ValueTask"/> passes itself to <see cref="SuspendOn"/>, so that a
    /// cancellation of the task can reach it. Any thread.
    /// </summary>
    /// <param name="continuation">The argument of <c>OnCompleted</c>.</param>
    public static TaskStep? Of(Delegate continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        return continuation.Target switch
        {
            IStepContinuation foreign => foreign.Step,
            TaskStep own when own.IsForeignContinuation(continuation) => own,
            _ => null,
        };
    }

    /// <summary>
    /// Tells the task what it waits for, so that cancelling the task can reach the source. An
    /// awaiter calls it last in <see cref="ILoopAwaiter.OnSuspend"/>.
    /// </summary>
    public abstract void SuspendOn(IWaitSource source);

    /// <summary>Posts the step, so that the task continues in the next turn; idempotent.</summary>
    public void Resume()
    {
        if (!IsQueued)
        {
            Scheduler.Post(this);
        }
    }

    /// <summary>
    /// Throws the cancellation that interrupted the wait, once. Every <see cref="ILoopAwaiter"/>
    /// calls it first in its <c>GetResult</c>.
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
    /// The task's entry in a wait line of the room Sync, made by its first wait and reused: a task
    /// waits in one line at a time.
    /// </summary>
    internal object? WaiterSlot { get; set; }

    /// <summary>The task's place in the scheduler's list of unfinished tasks.</summary>
    internal int RegistryIndex { get; set; } = -1;
}

/// <summary>The target of a continuation that resumes a step.</summary>
internal interface IStepContinuation
{
    TaskStep Step { get; }
}
