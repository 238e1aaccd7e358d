using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>Work on executors, and the end of the default one. Loop thread only.</summary>
// The priorities put plain functions below async ones, whose result is a task; the overload for
// Task comes first because an async lambda fits all of them.
public sealed partial class EventLoop
{
    /// <summary>
    /// Runs work for <c>RunInExecutor</c> and <c>ToThread</c> on other threads. Closing the loop
    /// shuts it down.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null; nothing changes.</exception>
    public IExecutor DefaultExecutor
    {
        get => _executors.Default;
        set => _executors.Default = value;
    }

    /// <summary>
    /// Runs a function on another thread; the future gets its result or exception. Values of the
    /// context flow in, unlike in asyncio (asyncio: <c>run_in_executor</c>).
    /// </summary>
    /// <param name="function">
    /// What to run there; it must not use the loop. If the future is cancelled first, it does not
    /// run.
    /// </param>
    /// <param name="executor">Where it runs; null: on the loop's default executor.</param>
    /// <exception cref="ArgumentException">
    /// Its result is a coroutine, or a task that nothing would await.
    /// </exception>
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
    /// Runs an async function on another thread and awaits it to its end, as
    /// <see cref="Task.Run{TResult}(Func{Task{TResult}})"/> does; the future gets its result or
    /// exception. Code after its first await runs on the runtime's pool.
    /// </summary>
    /// <inheritdoc cref="RunInExecutor{T}(Func{T}, IExecutor)"/>
    /// <param name="function">
    /// What to run there; it must not use the loop. Cancelling the future does not end it: give it
    /// a token.
    /// </param>
    /// <param name="executor">Where it begins; null: on the loop's default executor.</param>
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
    /// <param name="job">What to run there, a job of the pool.</param>
    /// <param name="argument">
    /// Its argument. A thread of the pool writes it: do not change it until the future is done.
    /// </param>
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
    /// threads have ended (asyncio: <c>shutdown_default_executor</c>). Cancelling the wait leaves
    /// it shut down.
    /// </summary>
    /// <param name="timeout">
    /// The longest wait; null or <see cref="Timeout.InfiniteTimeSpan"/>: unlimited. When it
    /// elapses, that is reported and the threads continue: a thread cannot be stopped from outside.
    /// </param>
    public Coroutine ShutdownExecutor(TimeSpan? timeout = null) => _executors.Shutdown(timeout);
}
