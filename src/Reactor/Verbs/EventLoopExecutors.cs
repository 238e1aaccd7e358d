using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// Work that must not run on the loop, and the end of the threads that do it. Loop thread only.
/// </summary>
public sealed partial class EventLoop
{
    /// <summary>Async functions under way; null: there was none.</summary>
    private HashSet<Future>? _asyncWork;

    /// <summary>
    /// Runs a function on another thread; the future gets its result or exception. The
    /// context's values flow in, as everywhere in .NET (asyncio: <c>run_in_executor</c>, where
    /// they do not).
    /// </summary>
    /// <param name="function">
    /// What to run there. It must not touch the loop. If the future is cancelled before it
    /// began, it does not run.
    /// </param>
    /// <param name="executor">Where it runs; null: on the loop's default executor.</param>
    /// <exception cref="ArgumentException">
    /// Its result is a coroutine, or a task that nothing would await.
    /// </exception>
    /// <exception cref="InvalidOperationException">The executor was shut down.</exception>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    // Below the overloads for async functions, since a task is a result too. Among these those for
    // Task come first, as an async lambda may be any of them.
    [OverloadResolutionPriority(-1)]
    public Future<T> RunInExecutor<T>(Func<T> function, IExecutor? executor = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ThrowIfClosed();
        FunctionResult<T>.Check(nameof(function));
        return new FunctionJob<T>(this, function, Driver.NoteWorkElsewhere)
            .SubmitTo(executor ?? DefaultExecutor);
    }

    /// <summary>
    /// Runs an async function on another thread and awaits it to its end, as
    /// <see cref="Task.Run{TResult}(Func{Task{TResult}})"/> does; the future gets its result or
    /// exception. What follows its first await runs on the runtime's pool.
    /// </summary>
    /// <inheritdoc cref="RunInExecutor{T}(Func{T}, IExecutor)"/>
    /// <param name="function">
    /// What to run there. It must not touch the loop. Cancelling the future does not end it: give
    /// it a token.
    /// </param>
    /// <param name="executor">Where it begins; null: on the loop's default executor.</param>
    public Future<T> RunInExecutor<T>(Func<Task<T>> function, IExecutor? executor = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ThrowIfClosed();
        FunctionResult<T>.CheckAwaited(nameof(function));
        var job = new AsyncFunctionJob<T>(this, function, Driver.NoteWorkElsewhere);
        Future<T> outcome = job.SubmitTo(executor ?? DefaultExecutor);
        HashSet<Future> work = _asyncWork ??= [];
        work.Add(job.Ended);
        job.Ended.AddDoneCallback(done => work.Remove(done));
        return outcome;
    }

    /// <summary>Runs an async function without a result; see the overload with one.</summary>
    public Future<Unit> RunInExecutor(Func<Task> function, IExecutor? executor = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return RunInExecutor(
            async Task<Unit> () =>
            {
                await AsyncFunctionJob<Unit>.Require(function()).ConfigureAwait(false);
                return default;
            },
            executor);
    }

    /// <summary>
    /// Runs an async function that returns a <see cref="ValueTask{TResult}"/>; see the overload for
    /// <see cref="Task{TResult}"/>.
    /// </summary>
    /// <inheritdoc cref="RunInExecutor{T}(Func{Task{T}}, IExecutor)"/>
    [OverloadResolutionPriority(-1)]
    public Future<T> RunInExecutor<T>(Func<ValueTask<T>> function, IExecutor? executor = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return RunInExecutor(
            async Task<T> () => await function().ConfigureAwait(false), executor);
    }

    /// <summary>Runs an async function without a result; see the overload with one.</summary>
    [OverloadResolutionPriority(-1)]
    public Future<Unit> RunInExecutor(Func<ValueTask> function, IExecutor? executor = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return RunInExecutor(async Task () => await function().ConfigureAwait(false), executor);
    }

    /// <summary>Runs an action on another thread; see the overload with a result.</summary>
    [OverloadResolutionPriority(-1)]
    public Future<Unit> RunInExecutor(Action action, IExecutor? executor = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return RunInExecutor(Call, executor);

        Unit Call()
        {
            action();
            return default;
        }
    }

    /// <summary>
    /// Runs a job in a worker process; the future gets its result, or
    /// <see cref="RemoteJobException"/> with what it threw, or
    /// <see cref="WorkerDiedException"/>. Cancelling the future kills the worker that runs it.
    /// (asyncio: <c>run_in_executor</c> with a process pool)
    /// </summary>
    /// <param name="job">What to run there, one of the pool's jobs.</param>
    /// <param name="argument">
    /// What it gets. It is written on a thread of the pool: do not change it until the future
    /// is done.
    /// </param>
    /// <param name="pool">The pool that runs it.</param>
    /// <exception cref="ArgumentException">It is no job of this pool.</exception>
    /// <exception cref="InvalidOperationException">
    /// The pool is shut down, broken, or has too many calls without an outcome.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    public Future<TResult> RunInExecutor<TArgument, TResult>(
        ProcessJob<TArgument, TResult> job, TArgument argument, ProcessPoolExecutor pool)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(pool);
        ThrowIfClosed();
        return pool.Submit(this, job, argument, Driver.NoteWorkElsewhere);
    }

    /// <summary>
    /// Runs a function on a thread of the default executor of the loop that runs here. The
    /// context's values flow in. (asyncio: <c>to_thread</c>)
    /// </summary>
    /// <inheritdoc cref="RunInExecutor{T}(Func{T}, IExecutor)"/>
    [OverloadResolutionPriority(-1)]
    public static Future<T> ToThread<T>(Func<T> function) =>
        EventLoop.Current.RunInExecutor(function);

    /// <summary>
    /// Runs a function with its argument on another thread; see the overload without one.
    /// </summary>
    [OverloadResolutionPriority(-1)]
    public static Future<T> ToThread<TState, T>(Func<TState, T> function, TState state)
    {
        ArgumentNullException.ThrowIfNull(function);
        return EventLoop.Current.RunInExecutor(() => function(state));
    }

    /// <summary>Runs an action on another thread; see the overload with a result.</summary>
    [OverloadResolutionPriority(-1)]
    public static Future<Unit> ToThread(Action action) =>
        EventLoop.Current.RunInExecutor(action);

    /// <summary>
    /// Runs an async function on a thread of the default executor and awaits it to its end.
    /// </summary>
    /// <inheritdoc cref="RunInExecutor{T}(Func{Task{T}}, IExecutor)"/>
    public static Future<T> ToThread<T>(Func<Task<T>> function) =>
        EventLoop.Current.RunInExecutor(function);

    /// <summary>Runs an async function without a result; see the overload with one.</summary>
    public static Future<Unit> ToThread(Func<Task> function) =>
        EventLoop.Current.RunInExecutor(function);

    /// <summary>
    /// Runs an async function with its argument; see the overload without one.
    /// </summary>
    public static Future<T> ToThread<TState, T>(Func<TState, Task<T>> function, TState state)
    {
        ArgumentNullException.ThrowIfNull(function);
        return EventLoop.Current.RunInExecutor(Task<T> () => function(state));
    }

    /// <summary>
    /// Runs an async function with its argument and without a result; see the overload with one.
    /// </summary>
    public static Future<Unit> ToThread<TState>(Func<TState, Task> function, TState state)
    {
        ArgumentNullException.ThrowIfNull(function);
        return EventLoop.Current.RunInExecutor(Task () => function(state));
    }

    /// <summary>
    /// Runs an async function that returns a <see cref="ValueTask{TResult}"/>; see the overload for
    /// <see cref="Task{TResult}"/>.
    /// </summary>
    /// <inheritdoc cref="RunInExecutor{T}(Func{Task{T}}, IExecutor)"/>
    [OverloadResolutionPriority(-1)]
    public static Future<T> ToThread<T>(Func<ValueTask<T>> function) =>
        EventLoop.Current.RunInExecutor(function);

    /// <summary>Runs an async function without a result; see the overload with one.</summary>
    [OverloadResolutionPriority(-1)]
    public static Future<Unit> ToThread(Func<ValueTask> function) =>
        EventLoop.Current.RunInExecutor(function);

    /// <summary>
    /// Runs an async function with its argument; see the overload without one.
    /// </summary>
    [OverloadResolutionPriority(-1)]
    public static Future<T> ToThread<TState, T>(
        Func<TState, ValueTask<T>> function, TState state)
    {
        ArgumentNullException.ThrowIfNull(function);
        return EventLoop.Current.RunInExecutor(ValueTask<T> () => function(state));
    }

    /// <summary>
    /// Runs an async function with its argument and without a result; see the overload with one.
    /// </summary>
    [OverloadResolutionPriority(-1)]
    public static Future<Unit> ToThread<TState>(
        Func<TState, ValueTask> function, TState state)
    {
        ArgumentNullException.ThrowIfNull(function);
        return EventLoop.Current.RunInExecutor(ValueTask () => function(state));
    }

    /// <summary>
    /// Shuts the default executor and waits until its work is done, async functions included, and
    /// its threads have ended (asyncio: <c>shutdown_default_executor</c>). Cancelling the wait
    /// leaves it shut.
    /// </summary>
    /// <param name="timeout">
    /// The longest wait; null or <see cref="Timeout.InfiniteTimeSpan"/>: for ever. When it is
    /// over, that is reported and the threads are left behind: a thread cannot be ended from
    /// outside.
    /// </param>
    public async Coroutine ShutdownExecutor(TimeSpan? timeout = null)
    {
        IExecutor executor = DefaultExecutor;
        executor.Shutdown();
        Future[] work = _asyncWork is null ? [] : [.. _asyncWork];
        if (executor.Completion.IsCompletedSuccessfully && work.Length == 0)
        {
            return;
        }

        // The threads take real time, also for a loop whose time is not real.
        Driver.NoteWorkElsewhere(1);
        Future<Unit> ended = executor.Completion.OnLoop();
        try
        {
            await EventLoop.Wait<Future>([ended, .. work], timeout: timeout);
            if (ended.IsDone && work.All(one => one.IsDone))
            {
                await ended;
                return;
            }
        }
        finally
        {
            ended.Cancel();
            Driver.NoteWorkElsewhere(-1);
        }

        Report(new LoopErrorContext
        {
            Message = $"The executor did not finish joining its threads within {timeout}: " +
                "what they do goes on without the loop.",
        });
    }
}
