using System.ComponentModel;
using System.Diagnostics;

namespace Reactor.Sync;

/// <summary>
/// A point that a number of tasks pass together (asyncio: <c>Barrier</c>): each waits until the
/// last one arrives, then all continue, each with its own index. Reusable.
/// </summary>
/// <remarks>
/// Loop thread only. Bound to a loop at the first wait that blocks. The last task does not suspend.
/// Newcomers arrive in the turn after all have run. Indices always differ (in asyncio two may be
/// the same).
/// </remarks>
public sealed class AsyncBarrier
{
    private const int Broken = -1;
    private readonly WaitQueue _arrived;
    private readonly WaitQueue _newcomers;
    private readonly Admission _admission;
    private BarrierState _state;

    // Tasks that passed and have not run, and whether a reset came meanwhile.
    private int _draining;
    private bool _isReset;

    /// <summary>Creates a barrier. Any thread.</summary>
    /// <param name="parties">The tasks that pass together.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one.</exception>
    public AsyncBarrier(int parties)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parties, 1);
        Parties = parties;
        _arrived = new WaitQueue(this);
        _newcomers = new WaitQueue(this);
        _admission = new Admission(this);
    }

    private enum BarrierState
    {
        Filling,
        Draining,
        Broken,
    }

    /// <summary>The tasks that pass together (asyncio: <c>parties</c>).</summary>
    public int Parties { get; }

    /// <summary>The tasks that wait (asyncio: <c>n_waiting</c>).</summary>
    public int WaitingCount => _arrived.Count;

    /// <summary>
    /// True from <see cref="Abort"/> to <see cref="Reset"/> (asyncio: <c>broken</c>).
    /// </summary>
    public bool IsBroken => _state == BarrierState.Broken;

    internal WaitQueue Line => _state == BarrierState.Filling ? _arrived : _newcomers;

    internal bool MustWait =>
        _state == BarrierState.Draining
        || (_state == BarrierState.Filling && _arrived.Count + 1 < Parties);

    /// <summary>Waits, when awaited, until all have arrived (asyncio: <c>wait</c>).</summary>
    /// <returns>A different number for each, from 0 to <see cref="Parties"/> − 1.</returns>
    /// <exception cref="BrokenBarrierException">It is, or becomes, broken or reset.</exception>
    /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">No loop, or a different one, runs.</exception>
    public BarrierAwaitable WaitAsync() => new(this);

    /// <summary>
    /// Empties the barrier, also a broken one: waiters get <see cref="BrokenBarrierException"/>,
    /// later callers do not (asyncio: <c>reset</c>).
    /// </summary>
    public void Reset()
    {
        _arrived.WakeAll(Broken);
        if (_draining > 0)
        {
            _isReset = true;
            _state = BarrierState.Draining;
        }
        else if (_newcomers.IsEmpty)
        {
            _state = BarrierState.Filling;
        }
    }

    /// <summary>
    /// Breaks the barrier: waiters and later callers get <see cref="BrokenBarrierException"/>
    /// (asyncio: <c>abort</c>).
    /// </summary>
    public void Abort()
    {
        _state = BarrierState.Broken;
        _arrived.WakeAll(Broken);
        _newcomers.WakeAll(Broken);
    }

    /// <summary>Its state, and the number of waiters.</summary>
    public override string ToString() =>
        $"<AsyncBarrier {_state} waiters={WaitingCount}/{Parties}>";

    [StackTraceHidden]
    internal int EndWait()
    {
        if (Waiter.Resumed() is { } waiter)
        {
            return EndOf(waiter);
        }

        if (IsBroken)
        {
            throw new BrokenBarrierException();
        }

        if (MustWait)
        {
            throw _arrived.Misuse();
        }

        LetGo();
        return Parties - 1;
    }

    private int EndOf(Waiter waiter)
    {
        bool isBroken = waiter.Verdict == Broken || IsBroken || _isReset;
        if (waiter.State == WaiterState.Woken && waiter.Verdict != Broken && --_draining == 0)
        {
            EndDraining();
        }

        waiter.End();
        return isBroken ? throw new BrokenBarrierException() : waiter.Verdict;
    }

    private void LetGo()
    {
        for (int index = 0; _arrived.WakeFirst(index); index++)
        {
            _draining++;
        }

        _state = _draining > 0 ? BarrierState.Draining : BarrierState.Filling;
    }

    private void EndDraining()
    {
        _isReset = false;
        if (_state == BarrierState.Draining && _newcomers.IsEmpty)
        {
            _state = BarrierState.Filling;
        }
        else if (_state == BarrierState.Draining && !_admission.IsQueued)
        {
            _newcomers.Scheduler.Post(_admission);
        }
    }

    // In a turn of its own, after resets that do not concern newcomers.
    private void Admit()
    {
        if (_state != BarrierState.Draining || _draining > 0)
        {
            return;
        }

        _state = BarrierState.Filling;
        while (_arrived.Count < Parties && _newcomers.TakeFirst() is { } newcomer)
        {
            _arrived.Add(newcomer);
        }

        if (_arrived.Count == Parties)
        {
            LetGo();
        }
    }

    private sealed class Admission(AsyncBarrier barrier) : LoopWork
    {
        public override void Run() => barrier.Admit();
    }
}

/// <summary>Waits for the others.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[StackTraceHidden]
public readonly struct BarrierAwaitable : ILoopAwaiter<BarrierAwaitable>
{
    private readonly AsyncBarrier _barrier;

    internal BarrierAwaitable(AsyncBarrier barrier) => _barrier = barrier;

    /// <summary>True for the last to arrive, or for misuse.</summary>
    public bool IsCompleted => !_barrier.MustWait || !_barrier.Line.CanWaitHere;

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public BarrierAwaitable GetAwaiter() => this;

    /// <inheritdoc cref="AsyncBarrier.WaitAsync"/>
    public int GetResult() => _barrier.EndWait();

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step) => _barrier.Line.Park(step);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _barrier.Line.Park(continuation);
}
