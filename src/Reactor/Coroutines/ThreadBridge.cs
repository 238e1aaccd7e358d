namespace Reactor;

/// <summary>
/// Converts between a loop's futures and <see cref="Task"/>s (asyncio: <c>wrap_future</c>).
/// </summary>
public static class ThreadBridge
{
    /// <summary>
    /// Returns the outcome of a task as a future of the running loop. If the future is cancelled,
    /// the task continues unless <paramref name="cancelWith"/> cancels it. Loop thread only.
    /// </summary>
    /// <param name="task">A task of any thread.</param>
    /// <param name="cancelWith">The source of the task's token; cancelled with the future.</param>
    /// <exception cref="InvalidOperationException">No loop runs on this thread.</exception>
    public static Future<T> OnLoop<T>(this Task<T> task, CancellationTokenSource? cancelWith = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        return Begin(new ThreadTaskFuture<T>(task), cancelWith);
    }

    /// <inheritdoc cref="OnLoop{T}(Task{T}, CancellationTokenSource?)"/>
    public static Future<Unit> OnLoop(this Task task, CancellationTokenSource? cancelWith = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        return Begin(new ThreadTaskFuture<Unit>(task), cancelWith);
    }

    /// <summary>The outcome of a <see cref="ValueTask{TResult}"/>, which is consumed.</summary>
    /// <inheritdoc cref="OnLoop{T}(Task{T}, CancellationTokenSource?)"/>
    public static Future<T> OnLoop<T>(
        this ValueTask<T> task, CancellationTokenSource? cancelWith = null) =>
        EndingThread.AsTask(task).OnLoop(cancelWith);

    /// <summary>The outcome of a <see cref="ValueTask"/>, which is consumed.</summary>
    /// <inheritdoc cref="OnLoop{T}(Task{T}, CancellationTokenSource?)"/>
    public static Future<Unit> OnLoop(
        this ValueTask task, CancellationTokenSource? cancelWith = null) =>
        EndingThread.AsTask(task).OnLoop(cancelWith);

    /// <summary>
    /// Lets a coroutine enumerate a foreign sequence with <c>await foreach</c>; see <see
    /// cref="LoopSequence{T}"/>. Loop thread only.
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
    /// Returns the outcome of a future as a task for any thread. If the loop closes first, the task
    /// fails with <see cref="ObjectDisposedException"/>. Loop thread only.
    /// </summary>
    /// <exception cref="ArgumentException">The future belongs to a different loop.</exception>
    public static Task<T> AsTask<T>(this Future<T> future)
    {
        OneLoop.Check(future, nameof(future));
        future.Scheduler.ForeignWaits?.NotePlainWait(future.Scheduler.RunningStep);
        if (future.LiveWaiters.OfType<ThreadOutcome<T>>().FirstOrDefault(static it => !it.HasToken)
            is { } known)
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
