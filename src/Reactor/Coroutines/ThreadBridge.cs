namespace Reactor;

/// <summary>
/// Converts between futures and <see cref="Task"/>s (asyncio: <c>wrap_future</c>), with their
/// outcomes.
/// </summary>
public static class ThreadBridge
{
    /// <summary>
    /// The outcome of a task as a future of the running loop. Cancelling the future abandons the
    /// task. Loop thread only.
    /// </summary>
    /// <param name="task">A task of any thread.</param>
    /// <param name="cancelWith">Is cancelled when the future is.</param>
    /// <exception cref="InvalidOperationException">No loop runs on this thread.</exception>
    public static Future<T> OnLoop<T>(
        this Task<T> task, CancellationTokenSource? cancelWith = null)
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
        task.AsTask().OnLoop(cancelWith);

    /// <summary>The outcome of a <see cref="ValueTask"/>, which is consumed.</summary>
    /// <inheritdoc cref="OnLoop{T}(Task{T}, CancellationTokenSource?)"/>
    public static Future<Unit> OnLoop(
        this ValueTask task, CancellationTokenSource? cancelWith = null) =>
        task.AsTask().OnLoop(cancelWith);

    /// <summary>
    /// A foreign sequence for <c>await foreach</c> in a coroutine; see <see
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
    /// The outcome of a future as a task for any thread; <see cref="ObjectDisposedException"/> if
    /// the loop closes before. Loop thread only.
    /// </summary>
    /// <exception cref="ArgumentException">It belongs to a different loop.</exception>
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
