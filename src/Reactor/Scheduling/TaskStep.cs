namespace Reactor;

/// <summary>The next step of a task, posted when its wait is over. Loop thread only.</summary>
public abstract class TaskStep : LoopWork
{
    private protected TaskStep(CoroutineScheduler scheduler) => Scheduler = scheduler;

    /// <summary>The scheduler that runs the task.</summary>
    public CoroutineScheduler Scheduler { get; }

    /// <summary>The step that runs on this thread now, or null. Any thread.</summary>
    public static TaskStep? Current => CoroutineScheduler.Current?.RunningStep;

    /// <summary>
    /// The step that the continuation of a foreign await resumes, or null. With it the source of a
    /// <see cref="ValueTask"/> can call <see cref="SuspendOn"/>. Any thread.
    /// </summary>
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
    /// Tells the task what a cancellation must end. Called last in
    /// <see cref="ILoopAwaiter.OnSuspend"/>.
    /// </summary>
    public abstract void SuspendOn(IWaitSource source);

    /// <summary>Continues the task in the next turn; idempotent.</summary>
    public void Resume()
    {
        if (!IsQueued)
        {
            Scheduler.Post(this);
        }
    }

    /// <summary>
    /// Throws the cancellation that interrupted the wait, once. Called first in <c>GetResult</c> of
    /// an <see cref="ILoopAwaiter"/>.
    /// </summary>
    /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
    public abstract void ThrowIfInterrupted();

    internal abstract bool IsInterrupted { get; }

    /// <summary>
    /// True while the task defers a cancellation, which debug mode does not report as swallowed.
    /// </summary>
    internal abstract bool KeepsCancellation { get; set; }

    /// <summary>The task's cancellation if the exception stands for it.</summary>
    internal abstract Exception AsCancellation(Exception error);

    internal abstract bool IsForeignContinuation(Delegate continuation);

    /// <summary>The task that this is a step of.</summary>
    public abstract object Owner { get; }

    /// <summary>The task's reused entry in a wait line.</summary>
    internal object? WaiterSlot { get; set; }

    internal int RegistryIndex { get; set; } = -1;
}

/// <summary>The target of a continuation that resumes a step.</summary>
internal interface IStepContinuation
{
    TaskStep Step { get; }
}
