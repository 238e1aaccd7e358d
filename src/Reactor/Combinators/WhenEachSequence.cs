using System.ComponentModel;
using System.Diagnostics;

namespace Reactor;

/// <summary>
/// The result of <c>EventLoop.WhenEach</c>: each of the futures when it is done (asyncio:
/// <c>as_completed</c>). It can be left and entered again; a cancelled step loses nothing.
/// </summary>
/// <remarks>
/// Loop thread only, one consumer at a time. It watches the futures inside <c>await foreach</c>;
/// those that are done come first, in the given order. Its time begins when it is made. In a
/// coroutine a step allocates nothing; other code uses <see cref="IAsyncEnumerable{T}"/>, with a
/// token.
/// </remarks>
/// <typeparam name="TFuture">The type of the futures.</typeparam>
public sealed class WhenEachSequence<TFuture>
    : IAsyncEnumerable<TFuture>, IWaitSource, IAwaitsFutures
    where TFuture : Future
{
    // The callback on each; null while not watching.
    private readonly Dictionary<TFuture, DoneCallback?> _pending = [];
    private readonly Queue<TFuture> _done = new();
    private readonly CoroutineScheduler _scheduler;
    private readonly Action<Future> _onDone;
    private readonly Expiry? _expiry;
    private readonly TimeSpan _deadline;
    private LoopWork? _waiter;
    private OperationCanceledException? _cut;
    private int _expiredCount;
    private int _enumerators; // it watches while there are any

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
    }

    private bool IsReady => _done.Count > 0 || _expiredCount > 0 || _pending.Count == 0;

    IEnumerable<Future> IAwaitsFutures.Awaited => _pending.Keys;

    bool IAwaitsFutures.IsOneEnough => true;

    /// <summary>For <c>await foreach</c> in a coroutine.</summary>
    public Enumerator GetAsyncEnumerator() => Enter(CancellationToken.None);

    /// <inheritdoc/>
    IAsyncEnumerator<TFuture> IAsyncEnumerable<TFuture>.GetAsyncEnumerator(
        CancellationToken cancellationToken) => Enter(cancellationToken);

    /// <inheritdoc/>
    bool IWaitSource.CancelWait(TaskStep waiter, string? message)
    {
        if (ReferenceEquals(_waiter, waiter))
        {
            _waiter = null;
        }

        return false;
    }

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

    private Enumerator Enter(CancellationToken cancellationToken)
    {
        if (_enumerators++ == 0)
        {
            Watch();
        }

        return new Enumerator(this, cancellationToken);
    }

    private void Watch()
    {
        foreach (TFuture future in _pending.Keys.ToArray())
        {
            _pending[future] = future.Register(_onDone);
        }

        if (_expiry is { IsQueued: false } && _pending.Count > 0)
        {
            _scheduler.Arm(_expiry, _deadline);
        }
    }

    private void Unwatch()
    {
        foreach (TFuture future in _pending.Keys.ToArray())
        {
            Unwatch(future);
        }

        if (_expiry is not null)
        {
            _scheduler.Disarm(_expiry);
        }

        WakeWaiter(); // a step that still waits throws
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
        if (_pending.Remove((TFuture)future)) // else the time was over
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

    private void CutShort(CancellationToken cancellationToken)
    {
        if (_waiter is not null)
        {
            _cut = new OperationCanceledException(cancellationToken);
            WakeWaiter();
        }
    }

    private sealed class Expiry(WhenEachSequence<TFuture> sequence) : LoopWork
    {
        /// <inheritdoc/>
        public override void Run() => sequence.OnTimeout();
    }

    /// <summary>One enumeration; all share their position. Loop thread only.</summary>
#pragma warning disable CA1034 // what await foreach needs has no meaning elsewhere
    public sealed class Enumerator : IAsyncEnumerator<TFuture>
    {
        private readonly WhenEachSequence<TFuture> _sequence;
        private readonly CancellationToken _cancellationToken;
        private bool _hasLeft;

        internal Enumerator(WhenEachSequence<TFuture> sequence, CancellationToken cancellationToken)
        {
            _sequence = sequence;
            _cancellationToken = cancellationToken;
        }

        /// <summary>The future of the last step; it is done.</summary>
        public TFuture Current => _sequence.Current!;

        /// <summary>Waits for the next one.</summary>
        public NextAwaitable MoveNextAsync() => new(_sequence);

        /// <summary>Leaves the sequence. Idempotent.</summary>
        public ValueTask DisposeAsync()
        {
            if (!_hasLeft)
            {
                _hasLeft = true;
                if (--_sequence._enumerators == 0)
                {
                    _sequence.Unwatch();
                }
            }

            return ValueTask.CompletedTask;
        }

        async ValueTask<bool> IAsyncEnumerator<TFuture>.MoveNextAsync()
        {
            _sequence._scheduler.ThrowIfCancelled(_cancellationToken);
            if (!_cancellationToken.CanBeCanceled || _sequence.IsReady)
            {
                return await MoveNextAsync();
            }

            var watch = TokenWatch<(WhenEachSequence<TFuture>, CancellationToken)>.Begin(
                _sequence._scheduler, static step => step.Item1.CutShort(step.Item2),
                (_sequence, _cancellationToken), _cancellationToken);
            try
            {
                return await MoveNextAsync();
            }
            finally
            {
                watch?.End();
            }
        }
    }

    /// <summary>One step; allocates nothing. Loop thread only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [StackTraceHidden]
    public readonly struct NextAwaitable : ILoopAwaiter<NextAwaitable>
    {
        private readonly WhenEachSequence<TFuture> _sequence;

        internal NextAwaitable(WhenEachSequence<TFuture> sequence) => _sequence = sequence;

        /// <summary>
        /// True if no wait is needed, and on misuse, so that <c>GetResult</c> throws.
        /// </summary>
        public bool IsCompleted => _sequence.IsReady || !_sequence.CanWaitHere;

        /// <summary>For <c>await</c>.</summary>
        public NextAwaitable GetAwaiter() => this;

        /// <summary>True if there is a next one, false after the last.</summary>
        /// <exception cref="TimeoutException">The time was over before the next one.</exception>
        /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
        /// <exception cref="InvalidOperationException">
        /// Another consumer waits, the sequence was left, or this is not the loop's thread.
        /// </exception>
        public bool GetResult()
        {
            TaskStep.Current?.ThrowIfInterrupted();
            OperationCanceledException? cut = _sequence._cut;
            _sequence._cut = null;
            if (!_sequence.IsReady)
            {
                throw cut ?? (Exception)new InvalidOperationException(
                    "WhenEach has one consumer at a time, on its own loop and until "
                    + "DisposeAsync.");
            }

            bool hasNext = _sequence.TryTake(out TFuture? next);
            _sequence.Current = next;
            return hasNext;
        }

        /// <inheritdoc/>
        public void OnSuspend(TaskStep step)
        {
            _sequence._waiter = step;
            step.SuspendOn(_sequence);
        }

        /// <inheritdoc/>
        public void UnsafeOnCompleted(Action continuation) =>
            _sequence._waiter = LoopAwaits.HandleOf(continuation);
    }
#pragma warning restore CA1034

    private TFuture? Current { get; set; }

    private bool CanWaitHere => _waiter is null && _enumerators > 0
        && ReferenceEquals(CoroutineScheduler.Current, _scheduler);
}
