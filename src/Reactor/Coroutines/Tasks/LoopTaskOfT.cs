using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// A coroutine that runs concurrently on its loop, as the future of its outcome (asyncio:
/// <c>Task</c>).
/// </summary>
/// <remarks>Loop thread only.</remarks>
/// <typeparam name="T">The type of the result.</typeparam>
public class LoopTask<T> : Future<T>, ILoopTask
{
    private const string DefaultName = "Task-";

    private string? _name;

    internal LoopTask(
        CoroutineScheduler scheduler, CoroutineFrame<T> bottom, string? name = null,
        LoopContext? context = null, string? createdAt = null, bool isEager = false)
        : base(scheduler, createdAt)
    {
        var step = new Trampoline(scheduler, this, bottom, context);
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
        get => _name ??= $"{DefaultName}{Trampoline.Number}";
        set => _name = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <inheritdoc/>
    public string CoroutineName => Trampoline.Bottom.MethodName;

    /// <inheritdoc/>
    public LoopContext? Context => Trampoline.SharedContext;

    /// <inheritdoc/>
    public int Cancelling => Trampoline.CancelRequests;

    internal Trampoline Trampoline => Unsafe.As<Trampoline>(Step!);

    private protected override string Kind => "Task";

    /// <inheritdoc/>
    internal override string Label =>
        $"<Task name='{_name ?? $"{DefaultName}{Trampoline.Number}"}' "
            + $"coro=<{CoroutineName}>{DescribePlace()}>";

    /// <inheritdoc/>
    internal override string? GivenName =>
        _name is { } name && !name.StartsWith(DefaultName, StringComparison.Ordinal) ? name : null;

    /// <inheritdoc/>
    internal override object? OwnContext => Trampoline.ContextOutside;

    /// <summary>
    /// Requests the task to end: its wait is cancelled, and the await throws <see
    /// cref="LoopCanceledException"/> in the next turn, which the coroutine may catch. (asyncio:
    /// <c>Task.cancel</c>)
    /// </summary>
    /// <remarks>
    /// A foreign await cannot be interrupted: give it <see cref="LoopTask.CurrentToken"/>, or the
    /// next await of ours throws.
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
        return CancelChain.Send(Trampoline, message);
    }

    /// <inheritdoc/>
    public int Uncancel() => IsDone ? Cancelling : Trampoline.Cancellation.Uncancel();

    /// <inheritdoc/>
    public IReadOnlyList<string> GetStack()
    {
        var stack = new List<string>();
        for (CoroutineFrame? frame = Trampoline.Top; frame is not null; frame = frame.Parent)
        {
            stack.Add(frame.MethodName);
        }

        return stack;
    }

    internal override void FinishFrom(
        CoroutineFrame bottom, ExceptionDispatchInfo? error, int tracedAwaits)
    {
        if (error is null)
        {
            TrySucceed(((CoroutineFrame<T>)bottom).Result);
        }
        else if (error.SourceException is LoopCanceledException)
        {
            TryCancel(error);
        }
        else
        {
            TryFail(error, tracedAwaits);
        }
    }

    private protected override string DescribeState()
    {
        string wait = Trampoline.Wait is Future future ? $" wait_for=<{Describe(future)}>" : "";
        string state = !IsDone && Cancelling > 0 ? "cancelling" : base.DescribeState();
        return $"{state} name='{Name}' coro=<{CoroutineName}>{wait}";
    }

    // By name only: tasks may wait for each other.
    private static string Describe(Future future) =>
        future is ILoopTask task ? $"Task name='{task.Name}'" : "Future";
}
