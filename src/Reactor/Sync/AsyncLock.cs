using System.Diagnostics;

namespace Reactor.Sync;

/// <summary>
/// A lock between the tasks of one loop (asyncio: <c>Lock</c>). It is not re-entrant, and any task
/// may release it.
/// </summary>
/// <remarks>
/// Loop thread only. Release hands the lock to the first waiter; no later caller can take it before
/// that runs (≠ asyncio).
/// </remarks>
public sealed class AsyncLock : AsyncGate
{
    private LockState _state;

    private enum LockState
    {
        Free,
        Held,

        /// <summary>Handed to a waiter that has not run yet.</summary>
        Promised,
    }

    /// <inheritdoc/>
    public override bool IsLocked => _state != LockState.Free;

    /// <summary>True if a task runs, or has run, with it.</summary>
    internal bool IsHeld => _state == LockState.Held;

    /// <inheritdoc/>
    public override bool TryAcquire()
    {
        if (_state != LockState.Free)
        {
            return false;
        }

        _state = LockState.Held;
        return true;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">It is not held.</exception>
    public override void Release()
    {
        if (_state != LockState.Held)
        {
            throw new InvalidOperationException("Lock is not acquired.");
        }

        PassOn();
    }

    /// <summary>Whether it is locked, and the number of waiters.</summary>
    public override string ToString() =>
        $"<AsyncLock {(IsLocked ? "locked" : "unlocked")} waiters={Line.Count}>";

    [StackTraceHidden]
    private protected override void EndWait(Waiter waiter)
    {
        if (waiter is { State: WaiterState.Woken, IsInterrupted: true })
        {
            PassOn(); // it was cancelled after it was woken
        }

        waiter.End();
        Claim();
    }

    /// <summary>The promised waiter runs.</summary>
    internal void Claim() => _state = LockState.Held;

    /// <summary>Promises the free lock; false if it is taken.</summary>
    internal bool TryPromise()
    {
        if (_state != LockState.Free)
        {
            return false;
        }

        _state = LockState.Promised;
        return true;
    }

    internal void PassOn() => _state = Line.WakeFirst() ? LockState.Promised : LockState.Free;
}
