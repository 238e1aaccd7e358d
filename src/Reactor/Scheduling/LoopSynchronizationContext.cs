using System.Reflection;

namespace Reactor;

/// <summary>
/// Resumes the continuations of foreign awaitables on the loop thread, in the step itself for a
/// <c>LoopTask</c>. Any thread.
/// </summary>
internal sealed class LoopSynchronizationContext(CoroutineScheduler scheduler)
    : SynchronizationContext
{
    private Action? _beforeWait;

    /// <summary>
    /// Calls back, inside the wait, when the loop thread is about to block in a lock, an event or a
    /// task. Cannot be undone; the callback must not throw.
    /// </summary>
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

        var sent = new SentCallback(d, state);
        scheduler.PostThreadSafe(sent);
        sent.Outcome.GetAwaiter().GetResult();
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

        internal override Delegate? ShownCallback => Shown(callback, state);
    }

    /// <summary>A callback whose outcome another thread waits for.</summary>
    private sealed class SentCallback(SendOrPostCallback callback, object? state) : LoopWork
    {
        private readonly TaskCompletionSource _outcome = new();
        private readonly ExecutionContext _context = LoopContext.CaptureValues();

        public Task Outcome => _outcome.Task;

        /// <inheritdoc/>
        public override void Run()
        {
            LoopContext.Enter(_context);
            try
            {
                callback(state);
                _outcome.SetResult();
            }
            catch (Exception error)
            {
                _outcome.SetException(new TargetInvocationException(error));
            }
        }

        /// <inheritdoc/>
        internal override void OnLoopClosed() => _outcome.SetException(
            new ObjectDisposedException(typeof(CoroutineScheduler).FullName));
    }
}
