using System.Diagnostics;

namespace Reactor.Sync;

/// <summary>
/// A point that a number of tasks pass together (asyncio: <c>Barrier</c>): each waits until the
/// last one has come, then all go on, each with its own index. It can be used again and again.
/// </summary>
/// <remarks>
/// <para>
/// Loop thread only. Made without a loop; bound to one at the first wait that really blocks. The
/// last to come does not suspend.
/// </para>
/// <para>
/// From the moment the last has come until all have run, the barrier drains, and newcomers stand
/// aside; they arrive, in order, in the turn after that. Indices are given when the last has come,
/// in the order of arrival, so they differ even if somebody left before (in asyncio two may then be
/// the same).
/// </para>
/// </remarks>
public sealed class AsyncBarrier
{
    private const int Broken = -1;
    private readonly WaitLine _arrived;
    private readonly WaitLine _newcomers;
    private readonly Admission _admission;
    private BarrierState _state;

    // Those let go who have not run yet, and whether a reset came between.
    private int _draining;
    private bool _isReset;

    /// <summary>Makes one. Any thread.</summary>
    /// <param name="parties">How many pass together.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one.</exception>
    public AsyncBarrier(int parties)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parties, 1);
        Parties = parties;
        _arrived = new WaitLine(this);
        _newcomers = new WaitLine(this);
        _admission = new Admission(this);
    }

    private enum BarrierState
    {
        Filling,
        Draining,
        Broken,
    }

    /// <summary>How many pass together.</summary>
    public int Parties { get; }

    /// <summary>How many have come and wait for the others (asyncio: <c>n_waiting</c>).</summary>
    public int WaitingCount => _arrived.Count;

    /// <summary>
    /// True after <see cref="Abort"/>, until <see cref="Reset"/> (asyncio: <c>broken</c>).
    /// </summary>
    public bool IsBroken => _state == BarrierState.Broken;

    internal WaitLine Line => _state == BarrierState.Filling ? _arrived : _newcomers;

    internal bool MustWait =>
        _state == BarrierState.Draining
        || (_state == BarrierState.Filling && _arrived.Count + 1 < Parties);

    /// <summary>Waits, when awaited, until all have come (asyncio: <c>wait</c>).</summary>
    /// <returns>A number from 0 to <see cref="Parties"/> − 1, another for each.</returns>
    /// <exception cref="BrokenBarrierException">
    /// It is broken, or was reset or aborted meanwhile.
    /// </exception>
    /// <exception cref="LoopCanceledException">The awaiting task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// It would have to wait, and is bound to a different loop, or no loop runs here.
    /// </exception>
    public BarrierAwaitable WaitAsync() => new(this);

    /// <summary>
    /// Empties the barrier: those who wait in it get <see cref="BrokenBarrierException"/>; those
    /// who stand aside do not. A broken barrier can be used again. (asyncio: <c>reset</c>)
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
    /// Breaks the barrier: all who wait, and all who come, get <see cref="BrokenBarrierException"/>
    /// (asyncio: <c>abort</c>).
    /// </summary>
    public void Abort()
    {
        _state = BarrierState.Broken;
        _arrived.WakeAll(Broken);
        _newcomers.WakeAll(Broken);
    }

    /// <summary>Its state, and how many have come.</summary>
    public override string ToString() =>
        $"<AsyncBarrier {_state} waiters={WaitingCount}/{Parties}>";

    /// <summary>The end of an await: the index, or an exception.</summary>
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
        if (waiter.State == WaitState.Woken && waiter.Verdict != Broken && --_draining == 0)
        {
            EndDraining();
        }

        waiter.End();
        return isBroken ? throw new BrokenBarrierException() : waiter.Verdict;
    }

    /// <summary>All who have arrived may go; the barrier drains until they have run.</summary>
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
        if (_state != BarrierState.Draining)
        {
            return;
        }

        if (_newcomers.IsEmpty)
        {
            _state = BarrierState.Filling;
        }
        else if (!_admission.IsQueued)
        {
            _newcomers.Scheduler.Post(_admission);
        }
    }

    /// <summary>
    /// Newcomers arrive, in a turn of their own: until then whoever empties the barrier does not
    /// mean them.
    /// </summary>
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

/// <summary>Waits for the others when awaited; see <see cref="AsyncBarrier.WaitAsync"/>.</summary>
[StackTraceHidden]
public readonly struct BarrierAwaitable : ILoopAwaiter<BarrierAwaitable>
{
    private readonly AsyncBarrier _barrier;

    internal BarrierAwaitable(AsyncBarrier barrier) => _barrier = barrier;

    /// <summary>
    /// True for the last to come, which does not suspend. Misuse says true as well.
    /// </summary>
    public bool IsCompleted => !_barrier.MustWait || !_barrier.Line.CanWaitHere;

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public BarrierAwaitable GetAwaiter() => this;

    /// <summary>The index.</summary>
    /// <exception cref="BrokenBarrierException">
    /// It is broken, or was reset or aborted meanwhile.
    /// </exception>
    /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// The barrier is bound to a different loop, or no loop runs here.
    /// </exception>
    public int GetResult() => _barrier.EndWait();

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step) => _barrier.Line.Park(step);

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => _barrier.Line.Park(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _barrier.Line.Park(continuation);
}
