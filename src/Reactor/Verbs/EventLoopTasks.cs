using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>Futures, tasks and the awaitables of a loop. Loop thread only.</summary>
public sealed partial class EventLoop
{
    /// <summary>A pending future of this loop (asyncio: <c>create_future</c>).</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    public Promise<T> CreateFuture<T>(
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        new(this, PlaceOf(file, line));

    /// <summary>
    /// Makes a coroutine a task: its first step runs in the next turn (asyncio:
    /// <c>create_task</c>).
    /// </summary>
    /// <param name="coroutine">A call that was not awaited yet.</param>
    /// <param name="name">The task's name; null: <c>Task-1</c>, <c>Task-2</c> …</param>
    /// <param name="context">The context to run in; null: a copy of the caller's.</param>
    /// <param name="eager">
    /// True: the first step runs before this returns, if the loop runs; a coroutine that never
    /// suspends is done then. Null: as the loop's <c>TaskFactory</c> wants it, else false.
    /// </param>
    /// <param name="file">Given by the compiler.</param>
    /// <param name="line">Given by the compiler.</param>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    /// <exception cref="InvalidOperationException">
    /// The coroutine was awaited already.
    /// </exception>
    public LoopTask CreateTask(
        Coroutine coroutine,
        string? name = null,
        LoopContext? context = null,
        bool? eager = null,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0) =>
        (LoopTask)CreateTask(coroutine.Call, name, context, eager, file, line);

    /// <inheritdoc
    ///   cref="CreateTask(Coroutine, string, LoopContext, bool?, string, int)"/>
    public LoopTask<T> CreateTask<T>(
        Coroutine<T> coroutine,
        string? name = null,
        LoopContext? context = null,
        bool? eager = null,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0)
    {
        if (IsClosed)
        {
            coroutine.Discard();
            ThrowIfClosed();
        }

        return new TaskRequest<T>(this, coroutine)
        {
            Name = name,
            Context = context,
            IsEager = eager,
            CreatedAt = PlaceOf(file, line),
        }.Create();
    }

    /// <summary>
    /// Calls a coroutine method, or an async lambda, and makes the call a task; see the overload
    /// for calls.
    /// </summary>
    /// <inheritdoc
    ///   cref="CreateTask(Coroutine, string, LoopContext, bool?, string, int)"/>
    /// <param name="function">The coroutine method. It is called before this returns.</param>
    /// <param name="name">The task's name; null: <c>Task-1</c>, <c>Task-2</c> …</param>
    /// <param name="context">The context to run in; null: a copy of the caller's.</param>
    /// <param name="eager">True: the first step runs before this returns.</param>
    /// <param name="file">Given by the compiler.</param>
    /// <param name="line">Given by the compiler.</param>
    public LoopTask CreateTask(
        Func<Coroutine> function,
        string? name = null,
        LoopContext? context = null,
        bool? eager = null,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0) =>
        CreateTask(Call(function), name, context, eager, file, line);

    /// <inheritdoc
    ///   cref="CreateTask(Func{Coroutine}, string, LoopContext, bool?, string, int)"/>
    /// <typeparam name="T">The type of the result.</typeparam>
    public LoopTask<T> CreateTask<T>(
        Func<Coroutine<T>> function,
        string? name = null,
        LoopContext? context = null,
        bool? eager = null,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0) =>
        CreateTask(Call(function), name, context, eager, file, line);

    /// <summary>
    /// What makes the tasks of this loop; null: the loop itself (asyncio:
    /// <c>set_task_factory</c>, <c>get_task_factory</c>).
    /// </summary>
    public ITaskFactory? TaskFactory
    {
        get => TaskMaker as ITaskFactory;
        set => TaskMaker = value;
    }

    /// <summary>
    /// Makes a generator coroutine a task, as coroutines were written before async/await; what
    /// it may yield is at <see cref="Generators"/>.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    public LoopTask<object?> CreateTask(
        IEnumerator<object?> generator,
        string? name = null,
        LoopContext? context = null,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0) =>
        CreateTask(
            generator.AsCoroutine<object?>(), name, context, eager: null, file, line);

    /// <summary>
    /// Makes a coroutine a task of the loop that runs here; see <c>CreateTask</c>.
    /// </summary>
    public static LoopTask Spawn(
        Coroutine coroutine,
        string? name = null,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0) =>
        EventLoop.Current.CreateTask(coroutine, name, null, null, file, line);

    /// <summary>
    /// Makes a coroutine a task of the loop that runs here; see <c>CreateTask</c>.
    /// </summary>
    public static LoopTask<T> Spawn<T>(
        Coroutine<T> coroutine,
        string? name = null,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0) =>
        EventLoop.Current.CreateTask(coroutine, name, null, null, file, line);

    /// <summary>
    /// Calls a coroutine method, or an async lambda, and makes the call a task of the loop that
    /// runs here; see <c>CreateTask</c>.
    /// </summary>
    public static LoopTask Spawn(
        Func<Coroutine> function,
        string? name = null,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0) =>
        EventLoop.Current.CreateTask(function, name, null, null, file, line);

    /// <inheritdoc cref="Spawn(Func{Coroutine}, string, string, int)"/>
    public static LoopTask<T> Spawn<T>(
        Func<Coroutine<T>> function,
        string? name = null,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0) =>
        EventLoop.Current.CreateTask(function, name, null, null, file, line);

    /// <summary>
    /// Sleeps when awaited (asyncio: <c>sleep</c>). Allocates nothing: the task itself lies in the
    /// timer queue.
    /// </summary>
    /// <param name="delay">
    /// From the await. Zero or less gives up one turn; exactly
    /// <see cref="Timeout.InfiniteTimeSpan"/>, which is -1 ms, never ends by itself: clamp a
    /// computed remainder at zero.
    /// </param>
    public static DelayAwaitable Delay(TimeSpan delay) => new(delay);

    /// <summary>
    /// Sleeps when awaited, until the token is cancelled at the latest, as
    /// <see cref="Task.Delay(TimeSpan, CancellationToken)"/> does.
    /// </summary>
    /// <param name="delay">From the await; see the overload without a token.</param>
    /// <param name="cancellationToken">Ends the sleep; any thread may cancel it.</param>
    /// <exception cref="OperationCanceledException">
    /// The token was cancelled; the exception carries it.
    /// </exception>
    public static Coroutine Delay(TimeSpan delay, CancellationToken cancellationToken) =>
        TokenDelay.Run(delay, cancellationToken);

    /// <summary>Gives up exactly one turn when awaited (asyncio: <c>sleep(0)</c>).</summary>
    public static YieldAwaitable Yield() => default;

    /// <summary>
    /// Waits until futures are done (asyncio: <c>wait</c>). Throws none of their exceptions,
    /// and cancels none of them, also not when the waiter is cancelled.
    /// </summary>
    /// <param name="futures">
    /// What to wait for, of this loop; twice the same counts once.
    /// </param>
    /// <param name="until">What ends the wait.</param>
    /// <param name="timeout">
    /// The longest wait; null or <see cref="Timeout.InfiniteTimeSpan"/>: for ever. Its end is no
    /// error. Infinite is exactly -1 ms: clamp a computed remainder at zero.
    /// </param>
    /// <returns>Those that are done and those that are not, each in the order given.</returns>
    /// <exception cref="ArgumentException">
    /// No future was given, one belongs to a different loop, or the mode is unknown.
    /// </exception>
    public static Coroutine<(IReadOnlyList<TFuture> Done, IReadOnlyList<TFuture> Pending)>
        Wait<TFuture>(
            IEnumerable<TFuture> futures,
            WaitUntil until = WaitUntil.All,
            TimeSpan? timeout = null)
        where TFuture : Future => WaitOperation.Run(futures, until, timeout);

    private TCoroutine Call<TCoroutine>(Func<TCoroutine> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        ThrowIfClosed();
        return function();
    }
}
