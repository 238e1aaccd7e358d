using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// From the futures of a loop to the tasks of threads and back (asyncio: <c>wrap_future</c>).
/// State is copied once; a cancellation on one side becomes the cancellation of the other, in its
/// own type.
/// </summary>
public static class ThreadBridge
{
    private static readonly ConditionalWeakTable<Future, Task> s_tasks = [];

    /// <summary>
    /// The outcome of a task as a future of the running loop. Cancelling the future abandons the
    /// task, which cannot be stopped from outside, unless its source of cancellation is given. A
    /// future that is done is removed from the task, so a task that never ends holds none of them.
    /// Loop thread only.
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
    /// The outcome of a future as a task, which any thread may wait for; continuations run on the
    /// thread pool. A future has one such task, so asking again adds nothing to it. Loop thread
    /// only.
    /// </summary>
    /// <exception cref="ArgumentException">It belongs to a different loop.</exception>
    public static Task<T> AsTask<T>(this Future<T> future)
    {
        OneLoop.Check(future, nameof(future));
        return (Task<T>)s_tasks.GetValue(future, static future => Copy((Future<T>)future));
    }

    private static Task<T> Copy<T>(Future<T> future)
    {
        var source = new TaskCompletionSource<T>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        future.AddDoneCallback(done =>
        {
            if (done.IsCancelled)
            {
                source.TrySetCanceled();
            }
            else if (done.Exception is { } error)
            {
                source.TrySetException(error);
            }
            else
            {
                source.TrySetResult(future.Result);
            }
        });
        return source.Task;
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
