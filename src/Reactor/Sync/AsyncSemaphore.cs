using System.Diagnostics;

namespace Reactor.Sync;

/// <summary>
/// Places that tasks acquire and release (asyncio: <c>Semaphore</c>, with a maximum
/// <c>BoundedSemaphore</c>). Newcomers wait behind waiters that have not run.
/// </summary>
/// <remarks>Loop thread only.</remarks>
public sealed class AsyncSemaphore : AsyncGate
{
    private readonly int _max;
    private int _woken;

    /// <summary>Makes one. Any thread.</summary>
    /// <param name="initial">The places that are free at first.</param>
    /// <param name="max">The places that can be free; releasing beyond that throws.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="initial"/> is negative or above <paramref name="max"/>.
    /// </exception>
    public AsyncSemaphore(int initial = 1, int max = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(initial);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(initial, max);
        _max = max;
        CurrentCount = initial;
    }

    /// <summary>The places that are free and not promised to a waiter.</summary>
    public int CurrentCount { get; private set; }

    /// <inheritdoc/>
    public override bool IsLocked => CurrentCount == 0 || _woken > 0 || !Line.IsEmpty;

    /// <inheritdoc/>
    public override bool TryAcquire()
    {
        if (IsLocked)
        {
            return false;
        }

        CurrentCount--;
        return true;
    }

    /// <inheritdoc/>
    /// <exception cref="SemaphoreFullException">The maximum is free already.</exception>
    public override void Release()
    {
        if (CurrentCount >= _max)
        {
            throw new SemaphoreFullException("Semaphore released too many times.");
        }

        CurrentCount++;
        WakeNext();
    }

    /// <summary>The free places, and the number of waiters.</summary>
    public override string ToString() =>
        $"<AsyncSemaphore {(IsLocked ? "locked" : "unlocked")} count={CurrentCount} " +
        $"waiters={Line.Count}>";

    [StackTraceHidden]
    private protected override void EndWait(Waiter waiter)
    {
        if (waiter.State == WaiterState.Woken)
        {
            _woken--;
            CurrentCount += waiter.IsInterrupted ? 1 : 0;
        }

        // Newcomers had to wait behind this waiter even if places were free.
        while (WakeNext())
        {
        }

        waiter.End();
    }

    private bool WakeNext()
    {
        if (CurrentCount == 0 || !Line.WakeFirst())
        {
            return false;
        }

        CurrentCount--;
        _woken++;
        return true;
    }
}
