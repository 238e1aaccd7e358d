namespace Reactor;

/// <summary>
/// Brings the continuations of foreign awaitables back to the loop thread. The continuation of one
/// of our tasks is not wrapped: the task's step itself is posted.
/// </summary>
/// <remarks>Any thread.</remarks>
internal sealed class LoopSynchronizationContext(CoroutineScheduler scheduler)
    : SynchronizationContext
{
    private Action? _beforeWait;

    /// <summary>
    /// Has the runtime tell us whenever the loop thread is about to block in managed code: in a
    /// lock, an event, or a synchronous wait for a task that spinning did not see complete. Cannot
    /// be taken back, so the callback itself must know whether anybody wants to hear of it.
    /// </summary>
    /// <param name="beforeWait">
    /// Called on the waiting thread, inside the wait; it must not throw.
    /// </param>
    public void WatchWaits(Action beforeWait)
    {
        _beforeWait = beforeWait;
        SetWaitNotificationRequired();
    }

    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout)
    {
        _beforeWait?.Invoke();
        return base.Wait(waitHandles, waitAll, millisecondsTimeout);
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (state is Action { Target: TaskStep step } action && step.IsForeignContinuation(action))
        {
            scheduler.PostThreadSafe(step);
        }
        else
        {
            scheduler.PostThreadSafe(new PostedCallback(scheduler, d, state));
        }
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (ReferenceEquals(CoroutineScheduler.Current, scheduler))
        {
            d(state);
            return;
        }

        using var done = new ManualResetEventSlim();
        Exception? error = null;
        Post(
            _ =>
            {
                try
                {
                    d(state);
                }
                catch (Exception thrown)
                {
                    error = thrown;
                }

                done.Set();
            },
            null);
        done.Wait();
        if (error is not null)
        {
            throw new System.Reflection.TargetInvocationException(error);
        }
    }

    public override SynchronizationContext CreateCopy() => this;

    private sealed class PostedCallback(
        CoroutineScheduler scheduler, SendOrPostCallback callback, object? state)
        : LoopHandle(scheduler, null, null, 0)
    {
        private protected override void Invoke() => callback(state);

        private protected override void DropCallback()
        {
        }

        private protected override string DescribeCallback() => Describe(callback, state);
    }
}
