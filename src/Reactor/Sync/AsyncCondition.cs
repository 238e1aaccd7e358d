using System.ComponentModel;
using System.Diagnostics;

namespace Reactor.Sync;

/// <summary>
/// A wait, under a lock, for a notification from another task (asyncio: <c>Condition</c>):
/// <c>using (await c.Lock.AcquireAsync()) await c.WaitForAsync(() => ready)</c>.
/// </summary>
/// <remarks>
/// Loop thread only. Bound to a loop at the first wait. A notified waiter joins the lock's queue,
/// which needs one wake-up, not two, and is fair (≠ asyncio).
/// </remarks>
public sealed class AsyncCondition
{
    private const int WaitingVerdict = 0;
    private const int NotifiedVerdict = 1;

    private readonly WaitQueue _line;
    private readonly WaitSource _source;

    /// <summary>Makes one. Any thread.</summary>
    /// <param name="over">The lock to use; null: a new one.</param>
    public AsyncCondition(AsyncLock? over = null)
    {
        Lock = over ?? new AsyncLock();
        _line = new WaitQueue(this);
        _source = new WaitSource(this);
    }

    /// <summary>The lock, held to wait and to notify.</summary>
    public AsyncLock Lock { get; }

    internal bool CanWaitHere => _line.CanWaitHere && Lock.Line.CanWaitHere;

    /// <summary>
    /// Releases the lock, waits for a notification and acquires the lock again, also if it throws
    /// (asyncio: <c>wait</c>).
    /// </summary>
    /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// The lock is not held, or a different loop is bound.
    /// </exception>
    public ConditionAwaitable WaitAsync() => new(this);

    /// <summary>
    /// Waits until a predicate holds, called under the lock (asyncio: <c>wait_for</c>).
    /// </summary>
    /// <param name="predicate">Called at once and after each notification.</param>
    /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">As <see cref="WaitAsync"/>.</exception>
    public async Coroutine WaitForAsync(Func<bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        while (!predicate())
        {
            await WaitAsync();
        }
    }

    /// <summary>Notifies the first waiters (asyncio: <c>notify</c>).</summary>
    /// <param name="count">Their maximum number.</param>
    /// <exception cref="InvalidOperationException">The lock is not held.</exception>
    public void Notify(int count = 1)
    {
        if (!Lock.IsHeld)
        {
            throw new InvalidOperationException("Cannot notify on an un-acquired lock.");
        }

        for (; count > 0 && _line.TakeFirst() is { } waiter; count--)
        {
            waiter.Verdict = NotifiedVerdict;
            Lock.Line.Add(waiter);
        }
    }

    /// <summary>Notifies all waiters (asyncio: <c>notify_all</c>).</summary>
    /// <exception cref="InvalidOperationException">The lock is not held.</exception>
    public void NotifyAll() => Notify(int.MaxValue);

    /// <summary>Lock and waiters.</summary>
    public override string ToString() =>
        $"<AsyncCondition {(Lock.IsLocked ? "locked" : "unlocked")} waiters={_line.Count}>";

    internal void Park(Waiter waiter)
    {
        waiter.Verdict = WaitingVerdict;
        waiter.Postponed = null;
        _line.Add(waiter);
        Lock.PassOn();
    }

    internal void Park(TaskStep step)
    {
        Park(Waiter.Of(step));
        step.SuspendOn(_source);
    }

    [StackTraceHidden]
    internal void EndWait()
    {
        if (Waiter.Resumed() is not { } waiter)
        {
            throw Lock.IsHeld ? Misuse() : new InvalidOperationException(
                "Cannot wait on an un-acquired lock.");
        }

        Lock.Claim();
        LoopCanceledException? postponed = waiter.Postponed;
        waiter.Postponed = null;
        bool isCancelled = postponed is not null || waiter.IsInterrupted;
        if (isCancelled && waiter.Verdict == NotifiedVerdict)
        {
            Notify(); // for the next waiter: this one will not act on it
        }

        waiter.End();
        if (postponed is not null)
        {
            throw postponed;
        }
    }

    private InvalidOperationException Misuse() =>
        _line.CanWaitHere ? Lock.Line.Misuse() : _line.Misuse();

    /// <summary>
    /// A cancelled waiter needs the lock before it throws: a free lock is promised to it, or it
    /// joins the lock's queue with the exception.
    /// </summary>
    private sealed class WaitSource(AsyncCondition condition) : IWaitSource
    {
        public override string ToString() => nameof(AsyncCondition);

        public bool CancelWait(TaskStep step, string? message)
        {
            Waiter waiter = Waiter.Of(step);
            if (waiter.State != WaiterState.Waiting)
            {
                return false; // it has the lock, and throws when it runs
            }

            AsyncLock taken = condition.Lock;
            if (ReferenceEquals(waiter.Queue, condition._line))
            {
                condition._line.Remove(waiter);
                if (taken.TryPromise())
                {
                    waiter.State = WaiterState.Woken;
                    return false;
                }

                taken.Line.Add(waiter);
            }

            waiter.Postponed = new LoopCanceledException(message);
            return true;
        }
    }
}

/// <summary>Waits for a notification.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[StackTraceHidden]
public readonly struct ConditionAwaitable : ILoopAwaiter<ConditionAwaitable>
{
    private readonly AsyncCondition _condition;

    internal ConditionAwaitable(AsyncCondition condition) => _condition = condition;

    /// <summary>True for misuse only.</summary>
    public bool IsCompleted => !_condition.Lock.IsHeld || !_condition.CanWaitHere;

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public ConditionAwaitable GetAwaiter() => this;

    /// <inheritdoc cref="AsyncCondition.WaitAsync"/>
    public void GetResult() => _condition.EndWait();

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step) => _condition.Park(step);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _condition.Park(Waiter.Of(continuation));
}
