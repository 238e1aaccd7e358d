namespace Reactor;

/// <summary>A task without a result, and the way to the running one.</summary>
public sealed class LoopTask : LoopTask<Unit>
{
    internal LoopTask(
        CoroutineScheduler scheduler, CoroutineFrame<Unit> bottom, string? name = null,
        LoopContext? context = null, string? createdAt = null, bool isEager = false)
        : base(scheduler, bottom, name, context, createdAt, isEager)
    {
    }

    /// <summary>
    /// The task whose step runs on this thread; null in a callback (asyncio: <c>current_task</c>).
    /// </summary>
    /// <exception cref="InvalidOperationException">No event loop runs on this thread.</exception>
    public static ILoopTask? Current
    {
        get
        {
            CoroutineScheduler scheduler = CoroutineScheduler.Current
                ?? throw new InvalidOperationException("No event loop runs on this thread.");
            return scheduler.RunningStep?.Owner as ILoopTask;
        }
    }

    /// <summary>
    /// A token for foreign calls, which cannot be interrupted: cancelled with the running task, and
    /// if taken inside a <c>TimeoutScope</c>, when that expires. Renewed after <c>Uncancel</c> or
    /// the end of the scope.
    /// </summary>
    /// <remarks>
    /// Loop thread only; the token may go to any thread. An <see
    /// cref="OperationCanceledException"/> with it, or meanwhile with any cancelled token, counts
    /// as the cancellation of the task or the expiry of the scope. Callbacks run on the loop, in
    /// the next turn. A plain async method takes it before its first <c>await</c>.
    /// </remarks>
    /// <exception cref="InvalidOperationException">No task or no loop runs here.</exception>
    public static CancellationToken CurrentToken =>
        (Current as Future)?.Step is Trampoline step
        ? step.Cancellation.CurrentToken
        : throw new InvalidOperationException(
            "No task runs here, as in a plain callback, or after the first await of a plain " +
            "async method: take the token in the coroutine, and pass it on.");

    /// <summary>
    /// Makes a coroutine a task of any scheduler, for kernels that are not an event loop. The
    /// scheduler's thread only.
    /// </summary>
    /// <param name="scheduler">Runs the task.</param>
    /// <param name="coroutine">A call that was not awaited yet.</param>
    /// <param name="name">The task's name; null: <c>Task-1</c>, <c>Task-2</c> …</param>
    /// <exception cref="InvalidOperationException">The coroutine was awaited already.</exception>
    public static LoopTask<T> Start<T>(
        CoroutineScheduler scheduler, Coroutine<T> coroutine, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        return new LoopTask<T>(scheduler, coroutine.Frame, name);
    }
}
