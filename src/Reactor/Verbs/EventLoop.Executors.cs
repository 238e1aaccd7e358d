using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>Work on executors, and the end of the default one. Loop thread only.</summary>
// Priorities: an async lambda fits all overloads and means Task; a plain function comes last.
public sealed partial class EventLoop
{
    /// <summary>The default executor; closing the loop shuts it down.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public IExecutor DefaultExecutor
    {
        get => _executors.Default;
        set => _executors.Default = value;
    }

    /// <summary>
    /// Runs a function on another thread (asyncio: <c>run_in_executor</c>). Context values flow in.
    /// </summary>
    /// <param name="function">Does not run if the future is cancelled first.</param>
    /// <param name="executor">Null: the default executor.</param>
    /// <exception cref="ArgumentException">Its result is a coroutine or a task.</exception>
    /// <exception cref="InvalidOperationException">The executor was shut down.</exception>
    /// <exception cref="ExecutorFullException">Too much work waits.</exception>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    [OverloadResolutionPriority(-1)]
    public Future<T> RunInExecutor<T>(Func<T> function, IExecutor? executor = null) =>
        Open._executors.Run(function, executor);

    /// <inheritdoc cref="RunInExecutor{T}(Func{T}, IExecutor)"/>
    [OverloadResolutionPriority(-1)]
    public Future<Unit> RunInExecutor(Action action, IExecutor? executor = null) =>
        Open._executors.Run(ExecutorCalls.WithUnit(action), executor);

    /// <summary>
    /// Begins an async function on another thread and awaits its end, as <c>Task.Run</c> does.
    /// After an await it is on the runtime's pool. Cancelling the future does not stop it.
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
        Open._executors.Run(ExecutorCalls.AsTask(function), executor);

    /// <inheritdoc cref="RunInExecutor{T}(Func{Task{T}}, IExecutor)"/>
    [OverloadResolutionPriority(-1)]
    public Future<Unit> RunInExecutor(Func<ValueTask> function, IExecutor? executor = null) =>
        Open._executors.Run(ExecutorCalls.AsTask(function), executor);

    /// <summary>
    /// Runs a job of a pool in a worker process (asyncio: <c>run_in_executor</c>). The future fails
    /// with <see cref="RemoteJobException"/> or <see cref="WorkerDiedException"/>. Cancelling it
    /// kills the worker. Do not change the argument until the future is done.
    /// </summary>
    /// <exception cref="ArgumentException">The job is not of this pool.</exception>
    /// <exception cref="InvalidOperationException">The pool is shut down or broken.</exception>
    /// <exception cref="ExecutorFullException">
    /// <see cref="ProcessPoolOptions.PendingMax"/> calls are pending.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    public Future<TResult> RunInExecutor<TArgument, TResult>(
        ProcessJob<TArgument, TResult> job, TArgument argument, ProcessPoolExecutor pool) =>
        Open._executors.Run(job, argument, pool);

    /// <summary>
    /// Shuts the default executor down and waits until its work and threads have ended (asyncio:
    /// <c>shutdown_default_executor</c>).
    /// </summary>
    /// <param name="timeout">Null: unlimited. Its end is reported; the threads continue.</param>
    public Coroutine ShutdownExecutorAsync(TimeSpan? timeout = null) =>
        _executors.ShutdownAsync(timeout);
}
