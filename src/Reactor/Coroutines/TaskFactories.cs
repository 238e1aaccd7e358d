namespace Reactor;

/// <summary>
/// Makes the tasks of a loop, when it is its <c>loop.TaskFactory</c>: it may change the name, wrap
/// the coroutine, count, or start the task eagerly, and then calls
/// <see cref="TaskRequest{T}.Start"/> (asyncio: the callable given to <c>set_task_factory</c>).
/// </summary>
/// <remarks>Loop thread only. What it throws reaches the caller of <c>CreateTask</c>.</remarks>
public interface ITaskFactory
{
    /// <summary>Makes one task; usually <c>request.Start()</c>.</summary>
    /// <typeparam name="T">
    /// The type of the result; <see cref="Unit"/> where there is none.
    /// </typeparam>
    /// <param name="request">What the caller asked for.</param>
    LoopTask<T> Create<T>(TaskRequest<T> request);
}

/// <summary>
/// Starts every task eagerly, unless its creator said <c>eager: false</c>: the first step runs
/// inside <c>CreateTask</c>, and a coroutine that never suspends is done when that returns
/// (asyncio: <c>eager_task_factory</c>).
/// </summary>
/// <remarks>It has no state: one may serve any number of loops.</remarks>
public sealed class EagerTaskFactory : ITaskFactory
{
    /// <inheritdoc/>
    public LoopTask<T> Create<T>(TaskRequest<T> request) =>
        (request with { IsEager = request.IsEager ?? true }).Start();
}

/// <summary>All that <c>CreateTask</c> was asked for. Loop thread only.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
public readonly record struct TaskRequest<T>
{
    internal TaskRequest(CoroutineScheduler scheduler, Coroutine<T> coroutine)
    {
        Scheduler = scheduler;
        Coroutine = coroutine;
    }

    /// <summary>The loop that will run the task.</summary>
    public CoroutineScheduler Scheduler { get; }

    /// <summary>The call to run, not yet begun.</summary>
    public Coroutine<T> Coroutine { get; init; }

    /// <summary>The task's name; null: <c>Task-1</c>, <c>Task-2</c> …</summary>
    public string? Name { get; init; }

    /// <summary>The context to run in; null: a copy of the creator's.</summary>
    public LoopContext? Context { get; init; }

    /// <summary>
    /// True: the first step runs inside <see cref="Start"/>, if the loop runs. Null: the creator
    /// leaves it to the factory; without one the task is not eager.
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
            // A task without a result is a class of its own, whoever makes it.
            var call = new Coroutine((Coroutine<Unit>)(object)Coroutine);
            return (LoopTask<T>)(object)new LoopTask(
                Scheduler, call, Name, Context, CreatedAt, isEager);
        }

        return new LoopTask<T>(Scheduler, Coroutine, Name, Context, CreatedAt, isEager);
    }

    /// <summary>Lets the loop's factory make the task, where it has one.</summary>
    internal LoopTask<T> Create() => Scheduler.TaskMaker is ITaskFactory factory
        ? factory.Create(this) ?? throw new InvalidOperationException(
            $"The task factory {factory.GetType().Name} made no task.")
        : Start();
}

/// <summary>How the rooms above make tasks: in the way that the loop's factory wants it.</summary>
internal static class TaskCreation
{
    public static LoopTask<T> StartTask<T>(
        this CoroutineScheduler scheduler, Coroutine<T> coroutine, bool? eager = null) =>
        new TaskRequest<T>(scheduler, coroutine) { IsEager = eager }.Create();

    public static LoopTask StartTask(
        this CoroutineScheduler scheduler, Coroutine coroutine, bool? eager = null) =>
        (LoopTask)scheduler.StartTask(coroutine.Call, eager);
}
