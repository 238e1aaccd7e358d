namespace Reactor;

/// <summary>
/// From the futures of a loop to the tasks of threads and back (asyncio: <c>wrap_future</c>).
/// State is copied once; a cancellation on one side becomes the cancellation of the other, in its
/// own type.
/// </summary>
public static class ThreadBridge
{
    /// <summary>
    /// The outcome of a task as a future of the running loop. Cancelling the future abandons the
    /// task, which nobody can stop from outside, unless its source of cancellation is given. Loop
    /// thread only.
    /// </summary>
    /// <param name="task">A thread-side task.</param>
    /// <param name="cancelWith">Is cancelled when the future is.</param>
    /// <exception cref="InvalidOperationException">No loop runs on this thread.</exception>
    public static Future<T> OnLoop<T>(
        this Task<T> task, CancellationTokenSource? cancelWith = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        var future = new Future<T>();
        task.ContinueWith(
            static (ended, target) =>
            {
                var future = (Future<T>)target!;
                future.Scheduler.PostThreadSafe(new TaskOutcome<T>(ended, future));
            },
            future,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
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

    /// <summary>The outcome of a task without a result; see the other overload.</summary>
    public static Future<Unit> OnLoop(this Task task, CancellationTokenSource? cancelWith = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        return AwaitIt(task).OnLoop(cancelWith);

        static async Task<Unit> AwaitIt(Task task)
        {
            await task.ConfigureAwait(false);
            return default;
        }
    }

    /// <summary>
    /// The outcome of a future as a task, which any thread may wait for; continuations run on the
    /// thread pool. Loop thread only.
    /// </summary>
    public static Task<T> AsTask<T>(this Future<T> future)
    {
        ArgumentNullException.ThrowIfNull(future);
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
}

/// <summary>Carries a finished task to the loop thread and copies its outcome there.</summary>
internal sealed class TaskOutcome<T>(Task<T> task, Future<T> future) : LoopWork
{
    /// <inheritdoc/>
    public override void Run()
    {
        if (task.IsCanceled)
        {
            future.Cancel();
        }
        else if (task.Exception is { } errors)
        {
            future.TrySetException(errors.InnerException!);
        }
        else
        {
            future.TrySetResult(task.GetAwaiter().GetResult());
        }
    }
}
