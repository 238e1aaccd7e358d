namespace Reactor;

/// <summary>
/// The future behind <c>OnLoop</c>. When the thread-side task ends, its outcome is copied on the
/// loop thread. A future that is done earlier, usually cancelled, leaves the task at once, which
/// may live as long as the process.
/// </summary>
/// <remarks>
/// <para>Loop thread only, except the continuation of the task.</para>
/// <para>A continuation of <c>ContinueWith</c> or of an awaiter cannot be removed. That of
/// <see cref="Task.WhenAny(Task, Task)"/> is removed from one task when the other one ends. A
/// <see cref="CancellationToken"/> for <c>ContinueWith</c> was rejected: it does the same with
/// 280 bytes more.</para>
/// </remarks>
/// <param name="task">A <see cref="Task{T}"/>, or a task without a result.</param>
internal sealed class ThreadTaskFuture<T>(Task task) : Future<T>, IForeignWait
{
    // Ended by this future when it is done; null if the task had ended before.
    private TaskCompletionSource? _leaving;

    bool IForeignWait.IsPending => !IsDone;

    object IForeignWait.Waiter => this;

    /// <summary>Begins to wait.</summary>
    public void Begin()
    {
        if (task.IsCompleted)
        {
            OnFirstEnded();
            return;
        }

        Scheduler.ForeignWaits?.Begin(this);
        _leaving = new TaskCompletionSource();
        Task.WhenAny(task, _leaving.Task)
            .ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnFirstEnded);
    }

    /// <inheritdoc/>
    public override bool Cancel(string? message = null)
    {
        bool isCancelled = base.Cancel(message);
        Leave();
        return isCancelled;
    }

    /// <inheritdoc/>
    public override bool TrySetResult(T result)
    {
        bool isSet = base.TrySetResult(result);
        Leave();
        return isSet;
    }

    /// <inheritdoc/>
    public override bool TrySetException(Exception exception)
    {
        bool isSet = base.TrySetException(exception);
        Leave();
        return isSet;
    }

    private void Leave() => _leaving?.TrySetResult();

    // Runs on any thread: wherever the task ends.
    private void OnFirstEnded()
    {
        if (task.IsCompleted)
        {
            Scheduler.PostThreadSafe(new CopyStep(this));
        }
    }

    private void Copy()
    {
        if (task.IsCanceled)
        {
            Cancel();
        }
        else if (task.Exception is { } errors)
        {
            TrySetException(errors.InnerException!);
        }
        else
        {
            TrySetResult(task is Task<T> typed ? typed.GetAwaiter().GetResult() : default!);
        }
    }

    /// <summary>Carries the outcome to the loop thread.</summary>
    private sealed class CopyStep(ThreadTaskFuture<T> future) : LoopWork
    {
        /// <inheritdoc/>
        public override void Run() => future.Copy();
    }
}
