using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>Work for the loop from other threads, with an outcome. Any thread.</summary>
// The priorities put plain functions below async ones: their result may be a task or a coroutine.
public sealed partial class EventLoop
{
    /// <summary>
    /// Runs a coroutine as a task of the loop (asyncio: <c>run_coroutine_threadsafe</c>). The
    /// method is called on the loop thread. Do not block on the result there.
    /// </summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="main">The coroutine method.</param>
    /// <param name="cancellationToken">Cancels the loop's task, and with it the result.</param>
    /// <returns>
    /// The outcome; continuations run on the thread pool. If the loop closes first, it fails with
    /// <see cref="ObjectDisposedException"/>.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    public Task<T> Submit<T>(
        Func<Coroutine<T>> main, CancellationToken cancellationToken = default) =>
        Submission.Of(Open, main, cancellationToken);

    /// <inheritdoc cref="Submit{T}(Func{Coroutine{T}}, CancellationToken)"/>
    public Task Submit(Func<Coroutine> main, CancellationToken cancellationToken = default) =>
        Submission.Of(Open, main, cancellationToken);

    /// <summary>
    /// Runs a function on the loop thread, as a callback, and returns its outcome. asyncio has no
    /// equivalent.
    /// </summary>
    /// <inheritdoc cref="Submit{T}(Func{Coroutine{T}}, CancellationToken)"/>
    /// <param name="function">What to run; it must not block.</param>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    [OverloadResolutionPriority(-2)]
    public Task<T> Submit<T>(Func<T> function, CancellationToken cancellationToken = default) =>
        Submission.Of(Open, function, cancellationToken);

    /// <inheritdoc cref="Submit{T}(Func{T}, CancellationToken)"/>
    [OverloadResolutionPriority(-2)]
    public Task Submit(Action action, CancellationToken cancellationToken = default) =>
        Submission.Of(Open, action, cancellationToken);

    /// <summary>
    /// Runs an async function on the loop thread and awaits it to its end; an async lambda of C# is
    /// a coroutine and goes to that overload.
    /// </summary>
    /// <inheritdoc cref="Submit{T}(Func{Coroutine{T}}, CancellationToken)"/>
    /// <param name="function">The async function, called on the loop thread.</param>
    /// <param name="cancellationToken">
    /// Cancels the result; the function itself continues.
    /// </param>
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
        Submission.Of(Open, function, cancellationToken);

    /// <inheritdoc cref="Submit{T}(Func{Task{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(-2)]
    public Task Submit(Func<ValueTask> function, CancellationToken cancellationToken = default) =>
        Submission.Of(Open, function, cancellationToken);
}
