using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>Work on executors, and the end of the default one. Loop thread only.</summary>
// Priorities: an async lambda fits all overloads and means Task; a plain function comes last.
public sealed partial class EventLoop
{
    /// <summary>
    /// The executor of <c>RunInExecutor</c> and <c>ToThread</c>; closing the loop shuts it down.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public IExecutor DefaultExecutor
    {
        get => _executors.Default;
        set => _executors.Default = value;
    }

    /// <summary>
    /// Runs a function on another thread; the future gets its result or exception. Unlike in
    /// asyncio, context values flow in (asyncio: <c>run_in_executor</c>).
    /// </summary>
    /// <param name="function">
    /// Must not use the loop; does not run if the future is cancelled first.
    /// </param>
    /// <param name="executor">Null: the default executor.</param>
    /// <exception cref="ArgumentException">Its result is a coroutine or a task.</exception>
    /// <exception cref="InvalidOperationException">The executor was shut down.</exception>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    [OverloadResolutionPriority(-1)]
    public Future<T> RunInExecutor<T>(Func<T> function, IExecutor? executor = null) =>
        Open._executors.Run(function, executor);

    /// <inheritdoc cref="RunInExecutor{T}(Func{T}, IExecutor)"/>
    [OverloadResolutionPriority(-1)]
    public Future<Unit> RunInExecutor(Action action, IExecutor? executor = null) =>
        Open._executors.Run(action, executor);

    /// <summary>
    /// Begins an async function on another thread and awaits it to its end, as <c>Task.Run</c>
    /// does; the future gets its result or exception. Code after its first await runs on the
    /// runtime's pool. Cancelling the future does not stop the function.
    /// </summary>
    /// <inheritdoc cref="RunInExecutor{T}(Func{T}, IExecutor)"/>
    public Future<T> RunInExecutor<T>(Func<Task<T>> function, IExecutor? executor = null) =>
        Open._executors.Run(function, executor);

    /// <inheritdoc cref="RunInExecutor{T}(Func{Task{T}}, IExecutor)"/>
    public Future<Unit> RunInExecutor(Func<Task> function, IExecutor? executor = null) =>
        Open._executors.Run(function, executor);

    /// <inheritdoc cref="RunInExecutor{T}(Func{Task{T}}, IExecutor)"/>
    [OverloadResolutionPriority(-1)]
    public Future<T> RunInExecutor<T>(Func<ValueTask<T>> function, IExecutor? executor = null) =>
        Open._executors.Run(function, executor);

    /// <inheritdoc cref="RunInExecutor{T}(Func{Task{T}}, IExecutor)"/>
    [OverloadResolutionPriority(-1)]
    public Future<Unit> RunInExecutor(Func<ValueTask> function, IExecutor? executor = null) =>
        Open._executors.Run(function, executor);

    /// <summary>
    /// Runs a job in a worker process; the future gets its result,
    /// <see cref="RemoteJobException"/> with what it threw, or <see cref="WorkerDiedException"/>.
    /// Cancelling the future kills the worker. (asyncio: <c>run_in_executor</c> with a process
    /// pool)
    /// </summary>
    /// <param name="job">A job of the pool.</param>
    /// <param name="argument">Do not change it until the future is done.</param>
    /// <param name="pool">The pool that runs it.</param>
    /// <exception cref="ArgumentException">The job is not of this pool.</exception>
    /// <exception cref="InvalidOperationException">
    /// The pool is shut down, broken, or has too many pending calls.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    public Future<TResult> RunInExecutor<TArgument, TResult>(
        ProcessJob<TArgument, TResult> job, TArgument argument, ProcessPoolExecutor pool) =>
        Open._executors.Run(job, argument, pool);

    /// <summary>
    /// Shuts the default executor down and waits until its work, async functions included, and its
    /// threads have ended (asyncio: <c>shutdown_default_executor</c>).
    /// </summary>
    /// <param name="timeout">
    /// Null or <see cref="Timeout.InfiniteTimeSpan"/>: unlimited. After it the threads continue,
    /// and that is reported.
    /// </param>
    public Coroutine ShutdownExecutorAsync(TimeSpan? timeout = null) => _executors.ShutdownAsync(timeout);
}
