namespace Reactor;

/// <summary>
/// A <c>loop.TaskFactory</c>, which makes the loop's tasks (asyncio: <c>set_task_factory</c>).
/// </summary>
/// <remarks>Loop thread only. Its exceptions reach the caller of <c>CreateTask</c>.</remarks>
public interface ITaskFactory
{
    /// <summary>Creates the task; usually <c>request.Start()</c>.</summary>
    /// <typeparam name="T">The type of the result, or <see cref="Unit"/>.</typeparam>
    /// <param name="request">The arguments of <c>CreateTask</c>.</param>
    LoopTask<T> Create<T>(TaskRequest<T> request);
}

/// <summary>
/// Starts every task eagerly, unless its creator passed <c>eager: false</c> (asyncio:
/// <c>eager_task_factory</c>). Any number of loops.
/// </summary>
public sealed class EagerTaskFactory : ITaskFactory
{
    /// <inheritdoc/>
    public LoopTask<T> Create<T>(TaskRequest<T> request) =>
        (request with { IsEager = request.IsEager ?? true }).Start();
}

/// <summary>The arguments of <c>CreateTask</c>. Loop thread only.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
public readonly record struct TaskRequest<T>
{
    internal TaskRequest(CoroutineScheduler scheduler, Coroutine<T> coroutine)
    {
        Scheduler = scheduler;
        Coroutine = coroutine;
    }

    /// <summary>The loop.</summary>
    public CoroutineScheduler Scheduler { get; }

    /// <summary>The call, not yet begun.</summary>
    public Coroutine<T> Coroutine { get; init; }

    /// <summary>The task's name; null: <c>Task-1</c>, <c>Task-2</c> …</summary>
    public string? Name { get; init; }

    /// <summary>The context to run in; null: a copy of the creator's.</summary>
    public LoopContext? Context { get; init; }

    /// <summary>
    /// True: the first step runs inside <see cref="Start"/>. Null: as the factory decides.
    /// </summary>
    public bool? IsEager { get; init; }

    internal string? CreatedAt { get; init; }

    /// <summary>Makes the task, as a loop without a factory does.</summary>
    /// <exception cref="InvalidOperationException">The coroutine was awaited already.</exception>
    public LoopTask<T> Start()
    {
        bool isEager = IsEager ?? false;
        if (typeof(T) == typeof(Unit))
        {
            return (LoopTask<T>)(object)new LoopTask(
                Scheduler, ((Coroutine<Unit>)(object)Coroutine).Frame, Name, Context, CreatedAt,
                isEager);
        }

        return new LoopTask<T>(Scheduler, Coroutine.Frame, Name, Context, CreatedAt, isEager);
    }

    internal LoopTask<T> Create() => Scheduler.TaskMaker is ITaskFactory factory
        ? factory.Create(this) ?? throw new InvalidOperationException(
            $"The task factory {factory.GetType().Name} made no task.")
        : Start();
}

internal static class TaskCreation
{
    public static LoopTask<T> StartTask<T>(
        this CoroutineScheduler scheduler, Coroutine<T> coroutine, bool? eager = null) =>
        new TaskRequest<T>(scheduler, coroutine) { IsEager = eager }.Create();

    public static LoopTask StartTask(
        this CoroutineScheduler scheduler, Coroutine coroutine, bool? eager = null) =>
        (LoopTask)scheduler.StartTask(coroutine.Call, eager);
}
