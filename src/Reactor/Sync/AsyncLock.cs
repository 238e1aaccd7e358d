using System.Diagnostics;

namespace Reactor.Sync;

/// <summary>
/// A lock between the tasks of one loop (asyncio: <c>Lock</c>): <c>using (await
/// l.AcquireAsync())</c>. Those who wait get it in the order they came. It is not reentrant, and it
/// knows no owner: any task may release it.
/// </summary>
/// <remarks>
/// <para>
/// Loop thread only. Made without a loop; bound to one at the first wait that really blocks. To
/// take a free lock touches no loop, does not suspend and allocates nothing.
/// </para>
/// <para>
/// Release hands the lock to the first who waits, who runs in the next turn: nobody who comes in
/// between can have it. ≠ asyncio, where the lock is free for that while: here
/// <see cref="IsLocked"/> stays true.
/// </para>
/// </remarks>
public sealed class AsyncLock
{
    private readonly WaitLine _line;
    private LockState _state;

    /// <summary>A free lock. Any thread.</summary>
    public AsyncLock() => _line = new WaitLine(this);

    private enum LockState
    {
        Free,
        Held,

        /// <summary>Handed to one who has not run yet.</summary>
        Promised,
    }

    /// <summary>
    /// True unless <see cref="TryAcquire"/> would take it (asyncio: <c>locked</c>).
    /// </summary>
    public bool IsLocked => _state != LockState.Free;

    /// <summary>True if somebody has it and runs, or has run, with it.</summary>
    internal bool IsHeld => _state == LockState.Held;

    internal WaitLine Line => _line;

    /// <summary>
    /// Takes the lock when awaited, after those who came before (asyncio: <c>acquire</c>). Nothing
    /// happens before the await.
    /// </summary>
    /// <returns>What gives the lock back when it is disposed of, once.</returns>
    /// <exception cref="LoopCanceledException">The awaiting task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// It would have to wait, and is bound to a different loop, or no loop runs here.
    /// </exception>
    public LockAwaitable AcquireAsync() => new(this);

    /// <summary>Takes the lock if it is free; never waits.</summary>
    public bool TryAcquire()
    {
        if (_state != LockState.Free)
        {
            return false;
        }

        _state = LockState.Held;
        return true;
    }

    /// <summary>Gives the lock back, to the first who waits (asyncio: <c>release</c>).</summary>
    /// <exception cref="InvalidOperationException">Nobody has it.</exception>
    public void Release()
    {
        if (_state != LockState.Held)
        {
            throw new InvalidOperationException("Lock is not acquired.");
        }

        PassOn();
    }

    /// <summary>Whether it is taken, and how many wait.</summary>
    public override string ToString() =>
        $"<AsyncLock {(IsLocked ? "locked" : "unlocked")} waiters={_line.Count}>";

    /// <summary>The end of an await: takes the lock, or throws.</summary>
    [StackTraceHidden]
    internal void EndAcquire()
    {
        if (Waiter.Resumed() is { } waiter)
        {
            if (waiter.IsWokenInVain)
            {
                PassOn();
            }

            waiter.End();
            Claim();
        }
        else if (!TryAcquire())
        {
            throw _line.Misuse();
        }
    }

    /// <summary>The one whom the lock was promised runs.</summary>
    internal void Claim() => _state = LockState.Held;

    /// <summary>
    /// Promises the free lock to one who runs in the next turn; false if it is taken.
    /// </summary>
    internal bool TryPromise()
    {
        if (_state != LockState.Free)
        {
            return false;
        }

        _state = LockState.Promised;
        return true;
    }

    /// <summary>Hands the lock to the first who waits; nobody: it is free.</summary>
    internal void PassOn() =>
        _state = _line.WakeFirst() ? LockState.Promised : LockState.Free;
}

/// <summary>Takes a lock when awaited; see <see cref="AsyncLock.AcquireAsync"/>.</summary>
[StackTraceHidden]
public readonly struct LockAwaitable : ILoopAwaiter<LockAwaitable>
{
    private readonly AsyncLock _lock;

    internal LockAwaitable(AsyncLock taken) => _lock = taken;

    /// <summary>
    /// True if the lock is free, so that the await does not suspend. Misuse says true as well.
    /// </summary>
    public bool IsCompleted => !_lock.IsLocked || !_lock.Line.CanWaitHere;

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public LockAwaitable GetAwaiter() => this;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// The lock is bound to a different loop, or no loop runs here.
    /// </exception>
    public LockReleaser GetResult()
    {
        _lock.EndAcquire();
        return new LockReleaser(_lock);
    }

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step) => _lock.Line.Park(step);

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => _lock.Line.Park(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _lock.Line.Park(continuation);
}

/// <summary>Gives a lock back when it is disposed of, once; the end of a <c>using</c>.</summary>
public readonly struct LockReleaser : IDisposable
{
    private readonly AsyncLock _lock;

    internal LockReleaser(AsyncLock taken) => _lock = taken;

    /// <summary>Gives the lock back. Loop thread only.</summary>
    /// <exception cref="InvalidOperationException">It was given back already.</exception>
    public void Dispose() => _lock.Release();
}
