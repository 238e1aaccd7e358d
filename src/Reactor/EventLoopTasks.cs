using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// Futures, tasks and the awaitables of a loop. Members of <see cref="EventLoop"/>, kept apart from
/// the turn. Loop thread only.
/// </summary>
public static class EventLoopTasks
{
    extension(EventLoop loop)
    {
        /// <summary>A pending future of this loop (asyncio: <c>create_future</c>).</summary>
        /// <typeparam name="T">The type of the result.</typeparam>
        public Future<T> CreateFuture<T>(
            [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
            new(loop, loop.PlaceOf(file, line));

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
            (LoopTask)loop.CreateTask(coroutine.Call, name, context, eager, file, line);

        /// <inheritdoc
        ///   cref="CreateTask(EventLoop, Coroutine, string, LoopContext, bool?, string, int)"/>
        public LoopTask<T> CreateTask<T>(
            Coroutine<T> coroutine,
            string? name = null,
            LoopContext? context = null,
            bool? eager = null,
            [CallerFilePath] string? file = null,
            [CallerLineNumber] int line = 0)
        {
            if (loop.IsClosed)
            {
                coroutine.Discard();
                loop.ThrowIfClosed();
            }

            return new TaskRequest<T>(loop, coroutine)
            {
                Name = name,
                Context = context,
                IsEager = eager,
                CreatedAt = loop.PlaceOf(file, line),
            }.Create();
        }

        /// <summary>
        /// What makes the tasks of this loop; null: the loop itself (asyncio:
        /// <c>set_task_factory</c>, <c>get_task_factory</c>).
        /// </summary>
        public ITaskFactory? TaskFactory
        {
            get => loop.TaskMaker as ITaskFactory;
            set => loop.TaskMaker = value;
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
            loop.CreateTask(
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
        /// Sleeps when awaited (asyncio: <c>sleep</c>); a delay of zero or less gives up one turn.
        /// Allocates nothing: the task itself lies in the timer queue.
        /// </summary>
        public static DelayAwaitable Delay(TimeSpan delay) => new(delay);

        /// <summary>Sleeps when awaited, and gives the value back.</summary>
        public static DelayAwaitable<T> Delay<T>(TimeSpan delay, T value) => new(delay, value);

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
        /// <param name="timeout">The longest wait; null: for ever. It is no error.</param>
        /// <returns>Those that are done and those that are not, each in the order given.</returns>
        /// <exception cref="ArgumentException">No future was given, or an unknown mode.</exception>
        public static Coroutine<(IReadOnlyList<TFuture> Done, IReadOnlyList<TFuture> Pending)>
            Wait<TFuture>(
                IEnumerable<TFuture> futures,
                WaitUntil until = WaitUntil.All,
                TimeSpan? timeout = null)
            where TFuture : Future => WaitOperation.Run(futures, until, timeout);
    }

    private static string? PlaceOf(this EventLoop loop, string? file, int line) =>
        loop.Debug ? $"{Path.GetFileName(file)}:{line}" : null;
}
