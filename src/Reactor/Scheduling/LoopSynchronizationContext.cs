namespace Reactor;

/// <summary>
/// Resumes the continuations of foreign awaitables on the loop thread. For the continuation of a
/// <c>LoopTask</c> the task's step itself is posted.
/// </summary>
/// <remarks>Any thread.</remarks>
internal sealed class LoopSynchronizationContext(CoroutineScheduler scheduler)
    : SynchronizationContext
{
    private Action? _beforeWait;

    /// <summary>
    /// Calls back when the loop thread is about to block in managed code: in a lock, an event, or a
    /// synchronous wait for a task that did not complete while spinning. Cannot be undone.
    /// </summary>
    /// <param name="beforeWait">Called inside the wait; it must not throw.</param>
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
        if (state is Action action && TaskStep.Of(action) is not null)
        {
            action(); // posts the step, unless it was called before
        }
        else
        {
            scheduler.PostThreadSafe(new PostedCallback(scheduler, d, state));
        }
    }

    /// <exception cref="ObjectDisposedException">The loop closed before it ran.</exception>
    public override void Send(SendOrPostCallback d, object? state)
    {
        if (ReferenceEquals(CoroutineScheduler.Current, scheduler))
        {
            d(state);
            return;
        }

        using var sent = new SentCallback(d, state);
        scheduler.PostThreadSafe(sent);
        sent.WaitForOutcome();
    }

    public override SynchronizationContext CreateCopy() => this;

    private sealed class PostedCallback(
        CoroutineScheduler scheduler, SendOrPostCallback callback, object? state)
        : LoopHandle(scheduler, null, null, 0)
    {
        /// <inheritdoc/>
        internal override void OnLoopClosed() =>
            LostContinuation.Report(Scheduler, callback, state);

        private protected override void Invoke() => callback(state);

        private protected override void DropCallback()
        {
        }

        private protected override string DescribeCallback() => Describe(callback, state);
    }

    /// <summary>A callback whose outcome another thread waits for.</summary>
    private sealed class SentCallback(SendOrPostCallback callback, object? state)
        : LoopWork, IDisposable
    {
        private readonly ManualResetEventSlim _isOver = new();
        private readonly ExecutionContext _context = LoopContext.CaptureValues();
        private Exception? _error;
        private bool _isLost;

        public void WaitForOutcome()
        {
            _isOver.Wait();
            ObjectDisposedException.ThrowIf(_isLost, typeof(CoroutineScheduler));
            if (_error is not null)
            {
                throw new System.Reflection.TargetInvocationException(_error);
            }
        }

        public void Dispose() => _isOver.Dispose();

        /// <inheritdoc/>
        public override void Run()
        {
            LoopContext.Enter(_context);
            try
            {
                callback(state);
            }
            catch (Exception error)
            {
                _error = error;
            }

            _isOver.Set();
        }

        /// <inheritdoc/>
        internal override void OnLoopClosed()
        {
            _isLost = true;
            _isOver.Set();
        }
    }
}
