using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// A coroutine that runs concurrently with others on one loop (asyncio: <c>Task</c>). It is the
/// future of the coroutine's outcome.
/// </summary>
/// <remarks>Loop thread only.</remarks>
/// <typeparam name="T">The type of the result.</typeparam>
public class LoopTask<T> : Future<T>, ILoopTask
{
    private string? _name;

    internal LoopTask(
        CoroutineScheduler scheduler,
        Coroutine<T> coroutine,
        string? name = null,
        LoopContext? context = null,
        string? createdAt = null,
        bool isEager = false)
        : base(scheduler, createdAt)
    {
        var step = new Trampoline(scheduler, this, coroutine.Frame, context);
        SetStep(step);
        _name = name;
        scheduler.OnTaskStarted(step);
        if (isEager
            && ReferenceEquals(CoroutineScheduler.Current, scheduler)
            && RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            step.RunEagerly();
        }
        else
        {
            scheduler.Post(step);
        }
    }

    /// <inheritdoc/>
    public string Name
    {
        get => _name ??= $"Task-{Step!.Number}";
        set => _name = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <inheritdoc/>
    public string CoroutineName => Step!.Bottom.MethodName;

    /// <inheritdoc/>
    public LoopContext? Context => Step!.SharedContext;

    /// <inheritdoc/>
    public int Cancelling => Step!.CancelRequests;

    private protected override string Kind => "Task";

    /// <inheritdoc/>
    internal override string Label =>
        $"<Task name='{_name ?? $"Task-{Step!.Number}"}' "
            + $"coro=<{CoroutineName}>{DescribePlace()}>";

    /// <inheritdoc/>
    internal override object? OwnContext => Step!.ContextOutside;

    /// <summary>
    /// Asks the coroutine to end: <see cref="LoopCanceledException"/> is thrown at the await where
    /// it waits, in the next turn, after what it waits for was cancelled. It may catch it and go
    /// on; so the task is not cancelled yet when this returns. (asyncio: <c>Task.cancel</c>)
    /// </summary>
    /// <remarks>
    /// If what it waits for is done already and the task has not resumed, the cancellation
    /// replaces that result, which is lost. An await of something foreign cannot be interrupted:
    /// give it <see cref="LoopTask.CurrentToken"/>, which is cancelled now, or the next await of
    /// ours throws.
    /// </remarks>
    /// <param name="message">The message of the exception.</param>
    /// <returns>False if the task has ended; else true, every time.</returns>
    public override bool Cancel(string? message = null)
    {
        MarkFetched();
        if (IsDone)
        {
            return false;
        }

        CheckThread();
        return Step!.Cancel(message);
    }

    /// <inheritdoc/>
    public int Uncancel() => IsDone ? Cancelling : Step!.Uncancel();

    /// <inheritdoc/>
    public IReadOnlyList<string> GetStack()
    {
        var stack = new List<string>();
        for (CoroutineFrame? frame = Step!.Top; frame is not null; frame = frame.Parent)
        {
            stack.Add(frame.MethodName);
        }

        return stack;
    }

    internal override void FinishFrom(CoroutineFrame frame, ExceptionDispatchInfo? error)
    {
        switch (error?.SourceException)
        {
            case null:
                TrySucceed(((CoroutineFrame<T>)frame).Result);
                break;
            case LoopCanceledException:
                TryCancel(error);
                break;
            default:
                TryFail(error, Step!.Incidents.TracedAwaits);
                break;
        }
    }

    private protected override string DescribeState()
    {
        string wait = Step!.Wait is Future future ? $" wait_for=<{Describe(future)}>" : "";
        string state = !IsDone && Cancelling > 0 ? "cancelling" : base.DescribeState();
        return $"{state} name='{Name}' coro=<{CoroutineName}>{wait}";
    }

    // A task that waits for another shows its name only: two that wait for each other have no end.
    private static string Describe(Future future) =>
        future is ILoopTask task ? $"Task name='{task.Name}'" : "Future";
}

/// <summary>A task without a result, and the way to the running one.</summary>
public sealed class LoopTask : LoopTask<Unit>
{
    internal LoopTask(
        CoroutineScheduler scheduler,
        Coroutine coroutine,
        string? name = null,
        LoopContext? context = null,
        string? createdAt = null,
        bool isEager = false)
        : base(scheduler, coroutine.Call, name, context, createdAt, isEager)
    {
    }

    /// <summary>
    /// The task whose step runs now on this thread; null in a plain callback (asyncio:
    /// <c>current_task</c>).
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
    /// A token that is cancelled with the running task, for foreign calls: an await of these cannot
    /// be interrupted, but most take a token. Inside a <c>TimeoutScope</c> it is also cancelled
    /// when that expires. Made when first asked for; once a cancellation was taken back
    /// (<c>Uncancel</c>, or the end of the scope), a fresh one.
    /// </summary>
    /// <remarks>
    /// An <see cref="OperationCanceledException"/> with this token counts as the cancellation of
    /// the task: the task ends cancelled, an expired scope throws
    /// <see cref="TimeoutException"/>. While this token is cancelled, so does one with any other
    /// cancelled token, which may be linked to it; a coroutine that catches such a one and awaits
    /// something foreign again is cancelled at its next await of ours. Callbacks of the token run
    /// on the loop, in the turn after <c>Cancel</c>. A token that was taken inside a scope is of no
    /// use after it; one that was taken outside is not cancelled when the scope, or
    /// <c>WaitAsync</c>, expires. Loop thread only; the token itself may be given to any thread. In
    /// a plain async method it is to be taken before the first <c>await</c>: after that no task
    /// runs.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// No task runs: this is a plain callback, or there is no loop on this thread.
    /// </exception>
    public static CancellationToken CurrentToken =>
        (Current as Future)?.Step?.CurrentToken ?? throw new InvalidOperationException(
            "No task runs here, as in a plain callback, or after the first await of a plain " +
            "async method: take the token in the coroutine, and pass it on.");

    /// <summary>
    /// Makes a coroutine a task of any scheduler; its first step is posted. For kernels that are no
    /// event loop: on one, use <c>loop.CreateTask</c>. The scheduler's thread only.
    /// </summary>
    /// <param name="scheduler">Who runs it.</param>
    /// <param name="coroutine">A call that was not awaited yet.</param>
    /// <param name="name">The task's name; null: <c>Task-1</c>, <c>Task-2</c> …</param>
    /// <exception cref="InvalidOperationException">The coroutine was awaited already.</exception>
    public static LoopTask<T> Start<T>(
        CoroutineScheduler scheduler, Coroutine<T> coroutine, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        return new LoopTask<T>(scheduler, coroutine, name);
    }
}
