using System.Diagnostics;

namespace Reactor.Sync;

/// <summary>
/// Waiting, under a lock, until another task says that something has changed (asyncio:
/// <c>Condition</c>): <c>using (await c.Lock.AcquireAsync()) await c.WaitForAsync(() => ready)</c>.
/// </summary>
/// <remarks>
/// <para>Loop thread only. Made without a loop; bound to one at the first wait.</para>
/// <para>
/// Who is notified goes straight to the end of the lock's line, and runs when the lock is its own:
/// one wake-up for a wait, not two. So a newcomer that asks for the lock after the notification
/// comes after it; in asyncio it may come before.
/// </para>
/// </remarks>
public sealed class AsyncCondition
{
    // The verdict of a waiter here: whether it has had a notification.
    private const int WaitingVerdict = 0;
    private const int NotifiedVerdict = 1;

    private readonly WaitLine _line;
    private readonly WaitSource _source;

    /// <summary>Makes one. Any thread.</summary>
    /// <param name="over">The lock to use; null: one of its own.</param>
    public AsyncCondition(AsyncLock? over = null)
    {
        Lock = over ?? new AsyncLock();
        _line = new WaitLine(this);
        _source = new WaitSource(this);
    }

    /// <summary>The lock that must be held to wait and to notify.</summary>
    public AsyncLock Lock { get; }

    internal bool CanWaitHere => _line.CanWaitHere && Lock.Line.CanWaitHere;

    /// <summary>
    /// Gives the lock back, waits for a notification and takes the lock again, when awaited
    /// (asyncio: <c>wait</c>). However the await ends, the lock is held again: a task that is
    /// cancelled first waits for it, then gets its exception.
    /// </summary>
    /// <exception cref="LoopCanceledException">The awaiting task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// The lock is not held, or the condition or its lock is bound to a different loop.
    /// </exception>
    public ConditionAwaitable WaitAsync() => new(this);

    /// <summary>
    /// Waits until a predicate holds, which is asked under the lock (asyncio: <c>wait_for</c>).
    /// </summary>
    /// <param name="predicate">Asked at once and after each notification.</param>
    /// <exception cref="LoopCanceledException">The awaiting task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">As <see cref="WaitAsync"/>.</exception>
    public async Coroutine WaitForAsync(Func<bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        while (!predicate())
        {
            await WaitAsync();
        }
    }

    /// <summary>Lets those who have waited longest go on, once they get the lock.</summary>
    /// <param name="count">How many at most.</param>
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

    /// <summary>
    /// Lets all who wait go on, one after the other (asyncio: <c>notify_all</c>).
    /// </summary>
    /// <exception cref="InvalidOperationException">The lock is not held.</exception>
    public void NotifyAll() => Notify(int.MaxValue);

    /// <summary>Whether its lock is taken, and how many wait for a notification.</summary>
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

    /// <summary>The end of an await: the lock is ours, whatever else has happened.</summary>
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
            Notify(); // we shall not act on it: the next one must
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
    /// A cancelled waiter must have the lock before it throws. If the lock is free it is promised
    /// at once; else the waiter goes to its line, and the exception with it.
    /// </summary>
    private sealed class WaitSource(AsyncCondition condition) : IWaitSource
    {
        public override string ToString() => nameof(AsyncCondition);

        public bool CancelWait(TaskStep step, string? message)
        {
            Waiter waiter = Waiter.Of(step);
            if (waiter.State != WaitState.Waiting)
            {
                return false; // it has the lock already, and throws when it runs
            }

            AsyncLock taken = condition.Lock;
            if (ReferenceEquals(waiter.Line, condition._line))
            {
                condition._line.Remove(waiter);
                if (taken.TryPromise())
                {
                    waiter.State = WaitState.Woken;
                    return false;
                }

                taken.Line.Add(waiter);
            }

            waiter.Postponed = new LoopCanceledException(message);
            return true;
        }
    }
}

/// <summary>
/// Waits for a notification when awaited; see <see cref="AsyncCondition.WaitAsync"/>.
/// </summary>
[StackTraceHidden]
public readonly struct ConditionAwaitable : ILoopAwaiter<ConditionAwaitable>
{
    private readonly AsyncCondition _condition;

    internal ConditionAwaitable(AsyncCondition condition) => _condition = condition;

    /// <summary>False: a wait for a notification suspends. Misuse says true.</summary>
    public bool IsCompleted => !_condition.Lock.IsHeld || !_condition.CanWaitHere;

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public ConditionAwaitable GetAwaiter() => this;

    /// <summary>Returns, or throws, with the lock held.</summary>
    /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// The lock is not held, or the condition or its lock is bound to a different loop.
    /// </exception>
    public void GetResult() => _condition.EndWait();

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step) => _condition.Park(step);

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => _condition.Park(Waiter.Of(continuation));

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) =>
        _condition.Park(Waiter.Of(continuation));
}
