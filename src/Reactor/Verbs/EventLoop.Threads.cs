using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>Functions on threads of the default executor. Loop thread only.</summary>
// The priorities are those of RunInExecutor.
public sealed partial class EventLoop
{
    /// <summary>
    /// Runs a function on the running loop's default executor (asyncio: <c>to_thread</c>).
    /// </summary>
    /// <inheritdoc cref="RunInExecutor{T}(Func{T}, IExecutor)"/>
    [OverloadResolutionPriority(-1)]
    public static Future<T> ToThread<T>(Func<T> function) => Current.RunInExecutor(function);

    /// <inheritdoc cref="ToThread{T}(Func{T})"/>
    [OverloadResolutionPriority(-1)]
    public static Future<Unit> ToThread(Action action) => Current.RunInExecutor(action);

    /// <inheritdoc cref="ToThread{T}(Func{T})"/>
    [OverloadResolutionPriority(-1)]
    public static Future<T> ToThread<TState, T>(Func<TState, T> function, TState state) =>
        Current.RunInExecutor(Bind(function, state));

    /// <summary>The same for an async function, with its end (asyncio: <c>to_thread</c>).</summary>
    /// <inheritdoc cref="RunInExecutor{T}(Func{Task{T}}, IExecutor)"/>
    public static Future<T> ToThread<T>(Func<Task<T>> function) => Current.RunInExecutor(function);

    /// <inheritdoc cref="ToThread{T}(Func{Task{T}})"/>
    public static Future<Unit> ToThread(Func<Task> function) => Current.RunInExecutor(function);

    /// <inheritdoc cref="ToThread{T}(Func{Task{T}})"/>
    public static Future<T> ToThread<TState, T>(Func<TState, Task<T>> function, TState state) =>
        Current.RunInExecutor(Bind(function, state));

    /// <inheritdoc cref="ToThread{TState, T}(Func{TState, Task{T}}, TState)"/>
    public static Future<Unit> ToThread<TState>(Func<TState, Task> function, TState state) =>
        Current.RunInExecutor(Bind(function, state));

    /// <inheritdoc cref="ToThread{T}(Func{Task{T}})"/>
    [OverloadResolutionPriority(-1)]
    public static Future<T> ToThread<T>(Func<ValueTask<T>> function) =>
        Current.RunInExecutor(function);

    /// <inheritdoc cref="ToThread{T}(Func{Task{T}})"/>
    [OverloadResolutionPriority(-1)]
    public static Future<Unit> ToThread(Func<ValueTask> function) =>
        Current.RunInExecutor(function);

    /// <inheritdoc cref="ToThread{TState, T}(Func{TState, Task{T}}, TState)"/>
    [OverloadResolutionPriority(-1)]
    public static Future<T> ToThread<TState, T>(
        Func<TState, ValueTask<T>> function, TState state) =>
        Current.RunInExecutor(Bind(function, state));

    /// <inheritdoc cref="ToThread{TState, T}(Func{TState, Task{T}}, TState)"/>
    [OverloadResolutionPriority(-1)]
    public static Future<Unit> ToThread<TState>(Func<TState, ValueTask> function, TState state) =>
        Current.RunInExecutor(Bind(function, state));

    private static Func<T> Bind<TState, T>(Func<TState, T> function, TState state)
    {
        ArgumentNullException.ThrowIfNull(function);
        return () => function(state);
    }
}
