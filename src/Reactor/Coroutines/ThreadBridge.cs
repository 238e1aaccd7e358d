namespace Reactor;

/// <summary>
/// Converts between futures and tasks of threads (asyncio: <c>wrap_future</c>). The outcome is
/// copied once; a cancellation becomes one of the other type.
/// </summary>
public static class ThreadBridge
{
    /// <summary>
    /// The outcome of a task as a future of the running loop. Cancelling the future abandons the
    /// task, unless its source is given. Loop thread only.
    /// </summary>
    /// <param name="task">A thread-side task.</param>
    /// <param name="cancelWith">Is cancelled when the future is.</param>
    /// <exception cref="InvalidOperationException">No loop runs on this thread.</exception>
    public static Future<T> OnLoop<T>(
        this Task<T> task, CancellationTokenSource? cancelWith = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        return Begin(new ThreadTaskFuture<T>(task), cancelWith);
    }

    /// <summary>The outcome of a task without a result; see the other overload.</summary>
    public static Future<Unit> OnLoop(this Task task, CancellationTokenSource? cancelWith = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        return Begin(new ThreadTaskFuture<Unit>(task), cancelWith);
    }

    /// <summary>
    /// The outcome of a <see cref="ValueTask{TResult}"/>, whose source is consumed exactly
    /// once.
    /// </summary>
    /// <inheritdoc cref="OnLoop{T}(Task{T}, CancellationTokenSource?)"/>
    public static Future<T> OnLoop<T>(
        this ValueTask<T> task, CancellationTokenSource? cancelWith = null) =>
        task.AsTask().OnLoop(cancelWith);

    /// <summary>
    /// The outcome of a <see cref="ValueTask"/>, whose source is consumed exactly once.
    /// </summary>
    /// <inheritdoc cref="OnLoop{T}(Task{T}, CancellationTokenSource?)"/>
    public static Future<Unit> OnLoop(
        this ValueTask task, CancellationTokenSource? cancelWith = null) =>
        task.AsTask().OnLoop(cancelWith);

    /// <summary>
    /// A foreign sequence for <c>await foreach</c> in a coroutine. An abandoned step cancels the
    /// token given to the source, which is disposed when the step has ended. Loop thread only.
    /// </summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="source">Any sequence, such as <c>channel.Reader.ReadAllAsync()</c>.</param>
    /// <param name="cancellationToken">Is passed on to the source.</param>
    public static LoopSequence<T> OnLoop<T>(
        this IAsyncEnumerable<T> source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new LoopSequence<T>(source, cancellationToken);
    }

    /// <summary>
    /// The outcome of a future as a task for any thread. A pending future has one such task. If the
    /// loop closes before, it ends with <see cref="ObjectDisposedException"/>. Loop thread only.
    /// </summary>
    /// <exception cref="ArgumentException">It belongs to a different loop.</exception>
    public static Task<T> AsTask<T>(this Future<T> future)
    {
        OneLoop.Check(future, nameof(future));
        future.Scheduler.ForeignWaits?.NotePlainWait(future.Scheduler.RunningStep);
        if (future.FindWaiter<ThreadOutcome<T>>(static one => !one.HasToken) is { } known)
        {
            return known.Task;
        }

        var outcome = new ThreadOutcome<T>();
        outcome.Follow(future);
        return outcome.Task;
    }

    private static ThreadTaskFuture<T> Begin<T>(
        ThreadTaskFuture<T> future, CancellationTokenSource? cancelWith)
    {
        future.Begin();
        if (cancelWith is not null)
        {
            future.AddDoneCallback(done =>
            {
                if (done.IsCancelled)
                {
                    cancelWith.Cancel();
                }
            });
        }

        return future;
    }
}
