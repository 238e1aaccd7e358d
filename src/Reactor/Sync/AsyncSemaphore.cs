using System.Diagnostics;

namespace Reactor.Sync;

/// <summary>
/// A number of places that tasks take and give back (asyncio: <c>Semaphore</c>, with a maximum
/// <c>BoundedSemaphore</c>): <c>using (await s.AcquireAsync())</c>. First come, first served: while
/// anybody waits, or was woken and has not run, a newcomer waits too, even if there is a place.
/// </summary>
/// <remarks>
/// Loop thread only. Made without a loop; bound to one at the first wait that really blocks. To
/// take a place that is free touches no loop, does not suspend and allocates nothing.
/// </remarks>
public sealed class AsyncSemaphore
{
    private readonly WaitLine _line;
    private readonly int _max;
    private int _woken;

    /// <summary>Makes one. Any thread.</summary>
    /// <param name="initial">How many places are free at first.</param>
    /// <param name="max">
    /// How many can be free; one release more is an error. Default: as many as there are numbers.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="initial"/> is negative or above <paramref name="max"/>.
    /// </exception>
    public AsyncSemaphore(int initial = 1, int max = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(initial);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(initial, max);
        _line = new WaitLine(this);
        _max = max;
        CurrentCount = initial;
    }

    /// <summary>The places that are free and promised to nobody.</summary>
    public int CurrentCount { get; private set; }

    /// <summary>
    /// True unless <see cref="TryAcquire"/> would take a place (asyncio: <c>locked</c>).
    /// </summary>
    public bool IsLocked => CurrentCount == 0 || _woken > 0 || !_line.IsEmpty;

    internal WaitLine Line => _line;

    /// <summary>
    /// Takes a place when awaited, after those who came before (asyncio: <c>acquire</c>). Nothing
    /// happens before the await.
    /// </summary>
    /// <returns>What gives the place back when it is disposed of, once.</returns>
    /// <exception cref="LoopCanceledException">The awaiting task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// It would have to wait, and is bound to a different loop, or no loop runs here.
    /// </exception>
    public SemaphoreAwaitable AcquireAsync() => new(this);

    /// <summary>Takes a place if that needs no waiting.</summary>
    public bool TryAcquire()
    {
        if (IsLocked)
        {
            return false;
        }

        CurrentCount--;
        return true;
    }

    /// <summary>Gives a place back, to the first who waits (asyncio: <c>release</c>).</summary>
    /// <exception cref="SemaphoreFullException">As many as can be are free already.</exception>
    public void Release()
    {
        if (CurrentCount >= _max)
        {
            throw new SemaphoreFullException("Semaphore released too many times.");
        }

        CurrentCount++;
        WakeNext();
    }

    /// <summary>The free places, and how many wait.</summary>
    public override string ToString() =>
        $"<AsyncSemaphore {(IsLocked ? "locked" : "unlocked")} count={CurrentCount} " +
        $"waiters={_line.Count}>";

    /// <summary>The end of an await: takes a place, or throws.</summary>
    [StackTraceHidden]
    internal void EndAcquire()
    {
        if (Waiter.Resumed() is { } waiter)
        {
            if (waiter.State == WaitState.Woken)
            {
                _woken--;
                CurrentCount += waiter.IsInterrupted ? 1 : 0;
            }

            // Newcomers had to wait behind the one who runs now, whatever was free.
            while (WakeNext())
            {
            }

            waiter.End();
        }
        else if (!TryAcquire())
        {
            throw _line.Misuse();
        }
    }

    private bool WakeNext()
    {
        if (CurrentCount == 0 || !_line.WakeFirst())
        {
            return false;
        }

        CurrentCount--;
        _woken++;
        return true;
    }
}

/// <summary>Takes a place when awaited; see <see cref="AsyncSemaphore.AcquireAsync"/>.</summary>
[StackTraceHidden]
public readonly struct SemaphoreAwaitable : ILoopAwaiter<SemaphoreAwaitable>
{
    private readonly AsyncSemaphore _semaphore;

    internal SemaphoreAwaitable(AsyncSemaphore semaphore) => _semaphore = semaphore;

    /// <summary>
    /// True if a place is free, so that the await does not suspend. Misuse says true as well.
    /// </summary>
    public bool IsCompleted => !_semaphore.IsLocked || !_semaphore.Line.CanWaitHere;

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public SemaphoreAwaitable GetAwaiter() => this;

    /// <summary>Takes the place.</summary>
    /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// The semaphore is bound to a different loop, or no loop runs here.
    /// </exception>
    public SemaphoreReleaser GetResult()
    {
        _semaphore.EndAcquire();
        return new SemaphoreReleaser(_semaphore);
    }

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step) => _semaphore.Line.Park(step);

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => _semaphore.Line.Park(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _semaphore.Line.Park(continuation);
}

/// <summary>Gives a place back when it is disposed of, once; the end of a <c>using</c>.</summary>
public readonly struct SemaphoreReleaser : IDisposable
{
    private readonly AsyncSemaphore _semaphore;

    internal SemaphoreReleaser(AsyncSemaphore semaphore) => _semaphore = semaphore;

    /// <summary>Gives the place back. Loop thread only.</summary>
    /// <exception cref="SemaphoreFullException">It was given back too often.</exception>
    public void Dispose() => _semaphore.Release();
}
