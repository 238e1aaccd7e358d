using System.Diagnostics;

namespace Reactor;

/// <summary>
/// What <c>EventLoop.WhenEach</c> gives: the futures passed in, each when it is done (asyncio:
/// <c>as_completed</c>). It can be left and entered again, and goes on where it was; a step that
/// was cancelled loses nothing.
/// </summary>
/// <remarks>
/// Loop thread only, one consumer at a time. It watches the futures from the moment it is made, not
/// from the first step, until it is left; when it is entered again, those that are done by then
/// come in the order given. <c>await foreach</c> in a coroutine allocates nothing for a step; other
/// code sees an <see cref="IAsyncEnumerable{T}"/>.
/// </remarks>
/// <typeparam name="TFuture">The type of the futures.</typeparam>
public sealed class WhenEachSequence<TFuture>
    : IAsyncEnumerable<TFuture>, IWaitSource, IAwaitsFutures
    where TFuture : Future
{
    // With what is registered at each; null: not watched, because the sequence was left.
    private readonly Dictionary<TFuture, DoneCallback?> _pending = [];
    private readonly Queue<TFuture> _done = new();
    private readonly CoroutineScheduler _scheduler;
    private readonly Action<Future> _onDone;
    private readonly Expiry? _expiry;
    private readonly TimeSpan _deadline;
    private LoopWork? _waiter;
    private int _expiredCount;
    private int _enumerators;
    private bool _isWatching;

    internal WhenEachSequence(IEnumerable<TFuture> futures, TimeSpan? timeout)
    {
        ArgumentNullException.ThrowIfNull(futures);
        TFuture[] all = [.. futures.Distinct()];
        _scheduler = OneLoop.Of(all, nameof(futures));
        _onDone = OnDone;
        foreach (TFuture future in all)
        {
            _pending.Add(future, null);
        }

        if (TimeLimit.OrNull(timeout) is { } longest && all.Length > 0)
        {
            _expiry = new Expiry(this);
            _deadline = _scheduler.MomentAfter(longest);
        }

        Watch();
    }

    private bool IsReady => _done.Count > 0 || _expiredCount > 0 || _pending.Count == 0;

    IEnumerable<Future> IAwaitsFutures.Awaited => _pending.Keys;

    bool IAwaitsFutures.IsOneEnough => true;

    /// <summary>For <c>await foreach</c> in a coroutine.</summary>
    public Enumerator GetAsyncEnumerator()
    {
        Enter();
        return new Enumerator(this);
    }

    /// <inheritdoc/>
    IAsyncEnumerator<TFuture> IAsyncEnumerable<TFuture>.GetAsyncEnumerator(
        CancellationToken cancellationToken)
    {
        Enter();
        return new PlainEnumerator(this, cancellationToken);
    }

    /// <inheritdoc/>
    bool IWaitSource.CancelWait(TaskStep waiter, string? message)
    {
        if (ReferenceEquals(_waiter, waiter))
        {
            _waiter = null;
        }

        return false;
    }

    /// <summary>The next future; false after the last.</summary>
    /// <exception cref="TimeoutException">
    /// The time is over and one is left that was not done; once for each of these.
    /// </exception>
    [StackTraceHidden]
    private bool TryTake(out TFuture? next)
    {
        if (_done.TryDequeue(out next))
        {
            return true;
        }

        if (_expiredCount > 0)
        {
            _expiredCount--;
            throw new TimeoutException("It was not done before the time-out.");
        }

        return false;
    }

    private void Wait(LoopWork waiter) => _waiter = waiter;

    private void Enter()
    {
        _enumerators++;
        if (!_isWatching)
        {
            Watch();
        }
    }

    private void Leave()
    {
        if (_enumerators > 0 && --_enumerators == 0 && _isWatching)
        {
            Unwatch();
        }
    }

    /// <summary>Takes those that are done, and registers at the others.</summary>
    private void Watch()
    {
        _isWatching = true;
        foreach (TFuture future in _pending.Keys.ToArray())
        {
            _pending[future] = future.Register(_onDone);
        }

        if (_expiry is { IsQueued: false } && _pending.Count > 0)
        {
            _scheduler.Arm(_expiry, _deadline);
        }
    }

    /// <summary>Leaves nothing at the futures or in the timer queue.</summary>
    private void Unwatch()
    {
        _isWatching = false;
        foreach (TFuture future in _pending.Keys.ToArray())
        {
            Unwatch(future);
        }

        if (_expiry is not null)
        {
            _scheduler.Disarm(_expiry);
        }
    }

    private void Unwatch(TFuture future)
    {
        if (!future.IsDone && _pending[future] is { } callback)
        {
            future.Drop(callback);
            _pending[future] = null;
        }
    }

    private void OnDone(Future future)
    {
        if (_pending.Remove((TFuture)future)) // else the time was over first
        {
            _done.Enqueue((TFuture)future);
            if (_pending.Count == 0 && _expiry is not null)
            {
                _scheduler.Disarm(_expiry);
            }

            WakeWaiter();
        }
    }

    private void OnTimeout()
    {
        foreach (TFuture future in _pending.Keys.ToArray())
        {
            Unwatch(future);
        }

        _expiredCount = _pending.Count;
        _pending.Clear();
        if (_expiredCount > 0)
        {
            WakeWaiter();
        }
    }

    private void WakeWaiter()
    {
        if (_waiter is { } waiter)
        {
            _waiter = null;
            _scheduler.Post(waiter);
        }
    }

    private sealed class Expiry(WhenEachSequence<TFuture> sequence) : LoopWork
    {
        /// <inheritdoc/>
        public override void Run() => sequence.OnTimeout();
    }

    /// <summary>
    /// One way through the sequence; all of them share its place. Loop thread only.
    /// </summary>
#pragma warning disable CA1034 // what await foreach needs has no meaning elsewhere
    public struct Enumerator
    {
        private readonly WhenEachSequence<TFuture> _sequence;

        internal Enumerator(WhenEachSequence<TFuture> sequence) => _sequence = sequence;

        /// <summary>The future that the last step gave; it is done.</summary>
        public readonly TFuture Current => _sequence.Current!;

        /// <summary>Waits for the next one.</summary>
        public readonly NextAwaitable MoveNextAsync() => new(_sequence);

        /// <summary>
        /// Leaves the sequence: while none is in it, it watches none of the futures.
        /// </summary>
        public readonly ValueTask DisposeAsync()
        {
            _sequence.Leave();
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>One step of the sequence; allocates nothing. Loop thread only.</summary>
    [StackTraceHidden]
    public readonly struct NextAwaitable : ILoopAwaiter<NextAwaitable>
    {
        private readonly WhenEachSequence<TFuture> _sequence;

        internal NextAwaitable(WhenEachSequence<TFuture> sequence) => _sequence = sequence;

        /// <summary>True if one is there, or none will come. Misuse says true as well.</summary>
        public bool IsCompleted => _sequence.IsReady || !_sequence.CanWaitHere;

        /// <summary>For <c>await</c>.</summary>
        public NextAwaitable GetAwaiter() => this;

        /// <summary>True if there is a next one, false after the last.</summary>
        /// <exception cref="TimeoutException">The time was over before the next one.</exception>
        /// <exception cref="LoopCanceledException">
        /// The task was cancelled; nothing is lost.
        /// </exception>
        /// <exception cref="InvalidOperationException">
        /// Somebody waits for the next one already, or this is not the loop's thread.
        /// </exception>
        public bool GetResult()
        {
            TaskStep.Current?.ThrowIfInterrupted();
            if (!_sequence.IsReady)
            {
                throw new InvalidOperationException(
                    "WhenEach has one consumer at a time, on its own loop.");
            }

            bool hasNext = _sequence.TryTake(out TFuture? next);
            _sequence.Current = next;
            return hasNext;
        }

        /// <inheritdoc/>
        public void OnSuspend(TaskStep step)
        {
            _sequence.Wait(step);
            step.SuspendOn(_sequence);
        }

        /// <inheritdoc/>
        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        /// <inheritdoc/>
        public void UnsafeOnCompleted(Action continuation) =>
            _sequence.Wait(LoopAwaits.HandleOf(continuation));
    }
#pragma warning restore CA1034

    private TFuture? Current { get; set; }

    private bool CanWaitHere => _waiter is null
        && ReferenceEquals(CoroutineScheduler.Current, _scheduler);

    /// <summary>The same for code that knows nothing of our awaiters.</summary>
    private sealed class PlainEnumerator(
        WhenEachSequence<TFuture> sequence, CancellationToken cancellationToken)
        : IAsyncEnumerator<TFuture>
    {
        public TFuture Current => sequence.Current!;

        public async ValueTask<bool> MoveNextAsync()
        {
            cancellationToken.ThrowIfCancellationRequested();
            return await new NextAwaitable(sequence);
        }

        public ValueTask DisposeAsync()
        {
            sequence.Leave();
            return ValueTask.CompletedTask;
        }
    }
}
