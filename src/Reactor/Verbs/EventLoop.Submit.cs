using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>Work for the loop from other threads, with an outcome. Any thread.</summary>
// Priorities: a plain function comes last, because its result may be a task or a coroutine.
public sealed partial class EventLoop
{
    /// <summary>
    /// Calls a coroutine method on the loop thread, as a task that the token cancels (asyncio:
    /// <c>run_coroutine_threadsafe</c>).
    /// </summary>
    /// <returns>
    /// The outcome, continued on the thread pool: <see cref="ObjectDisposedException"/> if the loop
    /// closes first. Do not block on it on the loop thread.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    public Task<T> Submit<T>(
        Func<Coroutine<T>> main, CancellationToken cancellationToken = default) =>
        Submission.Of(Open, main, cancellationToken);

    /// <inheritdoc cref="Submit{T}(Func{Coroutine{T}}, CancellationToken)"/>
    public Task Submit(Func<Coroutine> main, CancellationToken cancellationToken = default) =>
        Submission.Of(Open, main, cancellationToken);

    /// <summary>
    /// Runs a function, which must not block, on the loop thread; the token cancels it before it
    /// begins.
    /// </summary>
    /// <inheritdoc cref="Submit{T}(Func{Coroutine{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(-2)]
    public Task<T> Submit<T>(Func<T> function, CancellationToken cancellationToken = default) =>
        Submission.Of(Open, function, cancellationToken);

    /// <inheritdoc cref="Submit{T}(Func{T}, CancellationToken)"/>
    [OverloadResolutionPriority(-2)]
    public Task Submit(Action action, CancellationToken cancellationToken = default) =>
        Submission.Of(Open, ExecutorCalls.WithUnit(action), cancellationToken);

    /// <summary>
    /// Runs an async function on the loop thread; the token cancels only the result.
    /// </summary>
    /// <inheritdoc cref="Submit{T}(Func{Coroutine{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public Task<T> Submit<T>(
        Func<Task<T>> function, CancellationToken cancellationToken = default) =>
        Submission.Of(Open, function, cancellationToken);

    /// <inheritdoc cref="Submit{T}(Func{Task{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public Task Submit(Func<Task> function, CancellationToken cancellationToken = default) =>
        Submission.Of(Open, function, cancellationToken);

    /// <inheritdoc cref="Submit{T}(Func{Task{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(-2)]
    public Task<T> Submit<T>(
        Func<ValueTask<T>> function, CancellationToken cancellationToken = default) =>
        Submission.Of(Open, ExecutorCalls.AsTask(function), cancellationToken);

    /// <inheritdoc cref="Submit{T}(Func{Task{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(-2)]
    public Task Submit(Func<ValueTask> function, CancellationToken cancellationToken = default) =>
        Submission.Of(Open, ExecutorCalls.AsTask(function), cancellationToken);
}
