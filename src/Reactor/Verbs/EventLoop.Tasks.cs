using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>Members that make the futures and tasks of a loop. Loop thread only.</summary>
public sealed partial class EventLoop
{
    /// <summary>
    /// Makes this loop's tasks; null: the default (asyncio: <c>set_task_factory</c>).
    /// </summary>
    public ITaskFactory? TaskFactory
    {
        get => TaskMaker as ITaskFactory;
        set => TaskMaker = value;
    }

    /// <summary>A pending future of this loop (asyncio: <c>create_future</c>).</summary>
    public Promise<T> CreateFuture<T>(
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        new(this, PlaceOf(file, line));

    /// <summary>
    /// Makes a coroutine a task, which begins in the next turn (asyncio: <c>create_task</c>).
    /// </summary>
    /// <param name="coroutine">A call not yet awaited.</param>
    /// <param name="name">Null: <c>Task-1</c>, <c>Task-2</c> …</param>
    /// <param name="context">Null: a copy of the caller's.</param>
    /// <param name="eager">
    /// True: it begins before this returns, if the loop runs. Null: <see cref="TaskFactory"/>
    /// decides.
    /// </param>
    /// <param name="file">Set by the compiler.</param>
    /// <param name="line">Set by the compiler.</param>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    /// <exception cref="InvalidOperationException">The coroutine was awaited already.</exception>
    public LoopTask CreateTask(
        Coroutine coroutine, string? name = null, LoopContext? context = null, bool? eager = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        (LoopTask)CreateTask(coroutine.Call, name, context, eager, file, line);

    /// <inheritdoc cref="CreateTask(Coroutine, string, LoopContext, bool?, string, int)"/>
    public LoopTask<T> CreateTask<T>(
        Coroutine<T> coroutine,
        string? name = null, LoopContext? context = null, bool? eager = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
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

    /// <summary>Calls a coroutine method and makes the call a task.</summary>
    /// <inheritdoc cref="CreateTask(Coroutine, string, LoopContext, bool?, string, int)"/>
    public LoopTask CreateTask(
        Func<Coroutine> function,
        string? name = null, LoopContext? context = null, bool? eager = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        CreateTask(Call(function), name, context, eager, file, line);

    /// <inheritdoc cref="CreateTask(Func{Coroutine}, string, LoopContext, bool?, string, int)"/>
    public LoopTask<T> CreateTask<T>(
        Func<Coroutine<T>> function,
        string? name = null, LoopContext? context = null, bool? eager = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        CreateTask(Call(function), name, context, eager, file, line);

    /// <summary>Makes a generator coroutine a task; see <see cref="Generators"/>.</summary>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    public LoopTask<object?> CreateTask(
        IEnumerator<object?> generator, string? name = null, LoopContext? context = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        CreateTask(generator.AsCoroutine<object?>(), name, context, eager: null, file, line);

    /// <summary>Makes a coroutine a task of the running loop.</summary>
    /// <inheritdoc cref="CreateTask(Coroutine, string, LoopContext, bool?, string, int)"/>
    public static LoopTask Spawn(
        Coroutine coroutine, string? name = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Current.CreateTask(coroutine, name, null, null, file, line);

    /// <inheritdoc cref="Spawn(Coroutine, string, string, int)"/>
    public static LoopTask<T> Spawn<T>(
        Coroutine<T> coroutine, string? name = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Current.CreateTask(coroutine, name, null, null, file, line);

    /// <summary>Calls a coroutine method and makes the call a task of the running loop.</summary>
    /// <inheritdoc cref="CreateTask(Func{Coroutine}, string, LoopContext, bool?, string, int)"/>
    public static LoopTask Spawn(
        Func<Coroutine> function, string? name = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Current.CreateTask(function, name, null, null, file, line);

    /// <inheritdoc cref="Spawn(Func{Coroutine}, string, string, int)"/>
    public static LoopTask<T> Spawn<T>(
        Func<Coroutine<T>> function, string? name = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Current.CreateTask(function, name, null, null, file, line);

    private TCoroutine Call<TCoroutine>(Func<TCoroutine> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        ThrowIfClosed();
        return function();
    }
}
