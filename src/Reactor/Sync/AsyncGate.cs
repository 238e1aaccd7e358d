using System.ComponentModel;
using System.Diagnostics;

namespace Reactor.Sync;

/// <summary>
/// The base of <see cref="AsyncLock"/> and <see cref="AsyncSemaphore"/>, which tasks acquire in
/// FIFO order: <c>using (await gate.AcquireAsync())</c>.
/// </summary>
/// <remarks>
/// Loop thread only. Bound to a loop at the first wait that blocks. Allocates nothing.
/// </remarks>
public abstract class AsyncGate
{
    private protected AsyncGate() => Line = new WaitQueue(this);

    /// <summary>True if <see cref="TryAcquire"/> fails (asyncio: <c>locked</c>).</summary>
    public abstract bool IsLocked { get; }

    internal WaitQueue Line { get; }

    /// <summary>Acquires when awaited, after earlier callers (asyncio: <c>acquire</c>).</summary>
    /// <returns>An awaitable; its result releases the gate when disposed of.</returns>
    /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">No loop, or a different one, runs.</exception>
    public AcquireAwaitable AcquireAsync() => new(this);

    /// <summary>Acquires, or returns false if that needs a wait.</summary>
    public abstract bool TryAcquire();

    /// <summary>Releases; the first waiter then acquires (asyncio: <c>release</c>).</summary>
    public abstract void Release();

    private protected abstract void EndWait(Waiter waiter);

    [StackTraceHidden]
    internal void EndAcquire()
    {
        if (Waiter.Resumed() is { } waiter)
        {
            EndWait(waiter);
        }
        else if (!TryAcquire())
        {
            throw Line.Misuse();
        }
    }
}

/// <summary>Acquires when awaited.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[StackTraceHidden]
public readonly struct AcquireAwaitable : ILoopAwaiter<AcquireAwaitable>
{
    private readonly AsyncGate _gate;

    internal AcquireAwaitable(AsyncGate gate) => _gate = gate;

    /// <summary>
    /// True if no wait is needed, and on misuse, so that <c>GetResult</c> throws.
    /// </summary>
    public bool IsCompleted => !_gate.IsLocked || !_gate.Line.CanWaitHere;

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public AcquireAwaitable GetAwaiter() => this;

    /// <inheritdoc cref="AsyncGate.AcquireAsync"/>
    public GateReleaser GetResult()
    {
        _gate.EndAcquire();
        return new GateReleaser(_gate);
    }

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step) => _gate.Line.Park(step);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _gate.Line.Park(continuation);
}

/// <summary>Releases the gate when disposed of. Dispose of it once.</summary>
public readonly struct GateReleaser : IDisposable
{
    private readonly AsyncGate _gate;

    internal GateReleaser(AsyncGate gate) => _gate = gate;

    /// <summary>Releases. Loop thread only.</summary>
    /// <exception cref="InvalidOperationException">A lock was released already.</exception>
    /// <exception cref="SemaphoreFullException">A semaphore was released too often.</exception>
    public void Dispose() => _gate.Release();
}
