using System.Runtime.ExceptionServices;

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
internal sealed class ThreadTaskFuture<T>(Task task) : Future<T>(null), IForeignWait
{
    // Ended by this future when it is done; null if the task had ended before.
    private TaskCompletionSource? _leaving;

    // The task that called OnLoop, for a driver whose clock jumps; null elsewhere.
    private TaskStep? _maker;

    bool IForeignWait.IsPending => !IsDone;

    string IForeignWait.Describe() => FindWaiter<Trampoline>() is { Top: { } frame } waiter
        ? $"{ShownText.Of(waiter.Owner)} awaits a task by way of OnLoop(){AwaitPlace.Of(frame)}"
        : $"{ShownText.Of(_maker?.Owner ?? this)} waits for a task by way of OnLoop()";

    /// <summary>Begins to wait.</summary>
    public void Begin()
    {
        if (task.IsCompleted)
        {
            OnFirstEnded();
            return;
        }

        if (Scheduler.ForeignWaits is { } waits)
        {
            _maker = Scheduler.RunningStep;
            waits.Begin(this, _maker);
        }

        _leaving = new TaskCompletionSource();
        Task.WhenAny(task, _leaving.Task)
            .ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnFirstEnded);
    }

    /// <inheritdoc/>
    public override bool Cancel(string? message = null)
    {
        if (!base.Cancel(message))
        {
            return false;
        }

        _leaving?.TrySetResult();
        Scheduler.ForeignWaits?.End(this);
        return true;
    }

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
        Scheduler.ForeignWaits?.End(this);
        if (task.IsCanceled)
        {
            Cancel();
        }
        else if (task.Exception is { } errors)
        {
            TryFail(ExceptionDispatchInfo.Capture(errors.InnerException!));
        }
        else
        {
            TrySucceed(task is Task<T> typed ? typed.GetAwaiter().GetResult() : default!);
        }
    }

    /// <summary>Carries the outcome to the loop thread.</summary>
    private sealed class CopyStep(ThreadTaskFuture<T> future) : LoopWork
    {
        /// <inheritdoc/>
        public override void Run() => future.Copy();
    }
}
