using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// The future behind <c>OnLoop</c>: copies the outcome of a task on the loop thread.
/// </summary>
/// <remarks>
/// Loop thread only, except the continuation. Rejected: <see cref="Task.WhenAny(Task, Task)"/>,
/// which takes 280 bytes less, but the thread pool if the source continues asynchronously.
/// </remarks>
/// <param name="task">A <see cref="Task{T}"/>, or a task without a result.</param>
internal sealed class ThreadTaskFuture<T>(Task task) : Future<T>(null), IForeignWait
{
    // Cancelled with this future, so that it leaves nothing on the task.
    private CancellationTokenSource? _leaving;

    // The caller of OnLoop, where the clock is virtual.
    private TaskStep? _maker;

    private long _number;

    bool IForeignWait.IsPending => !IsDone;

    TaskStep? IForeignWait.Waiter => LiveWaiters.OfType<FrameStack>().FirstOrDefault() ?? _maker;

    string IForeignWait.Describe() =>
        LiveWaiters.OfType<FrameStack>().FirstOrDefault() is { Top: { } frame } waiter
        ? $"{ShownText.Of(waiter.Owner)} awaits a task by way of OnLoop(){frame.DescribePlace()}"
        : $"{ShownText.Of(_maker?.Owner ?? this)} waits for a task by way of OnLoop()";

    public void Begin()
    {
        _number = Scheduler.NextJobNumber();
        if (task.IsCompleted)
        {
            OnEnded();
            return;
        }

        if (Scheduler.ForeignWaits is { } waits)
        {
            _maker = Scheduler.RunningStep;
            waits.Begin(this, _maker);
        }

        _leaving = new CancellationTokenSource();
        EndingThread.Continue(
            task, static (_, future) => ((ThreadTaskFuture<T>)future!).OnEnded(), this,
            _leaving.Token);
    }

    /// <inheritdoc/>
    public override bool Cancel(string? message = null)
    {
        if (!IsDone)
        {
            Scheduler.ForeignWaits?.Abandon(this); // while the waiter's stack shows the await
        }

        bool isCancelled = base.Cancel(message);
        if (isCancelled)
        {
            _leaving?.Cancel();
        }

        return isCancelled;
    }

    // Any thread: wherever the task ends.
    private void OnEnded() =>
        // Whether the task had ended when it was passed is chance, so the turn has it as a message
        // of a thread in both cases.
        Scheduler.PostMessage(new CopyStep(this));

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

    /// <summary>Copies the outcome on the loop thread.</summary>
    private sealed class CopyStep(ThreadTaskFuture<T> future) : LoopWork
    {
        /// <inheritdoc/>
        public override void Run() => future.Copy();

        /// <inheritdoc/>
        internal override MessageKey MessageKey => new("awaited task", future._number);

        /// <summary>
        /// True if the future was cancelled: whether the task ended before that is chance.
        /// </summary>
        internal override bool IsIncidental => future.IsDone;
    }
}
