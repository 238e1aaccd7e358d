using System.Diagnostics;

namespace Reactor.Sync;

/// <summary>
/// The waiters of one object: an intrusive list, which a waiter leaves without a search. It is
/// bound to the loop of its first waiter (asyncio: <c>_LoopBoundMixin</c>).
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class WaitQueue(object owner) : IWaitSource
{
    private CoroutineScheduler? _scheduler;
    private Waiter? _first;
    private Waiter? _last;

    public int Count { get; private set; }

    public bool IsEmpty => _first is null;

    public CoroutineScheduler Scheduler => _scheduler!;

    /// <summary>
    /// Binds the queue to the loop of this thread, if it has none. If false, <c>GetResult</c>
    /// throws <see cref="Misuse"/>.
    /// </summary>
    public bool CanWaitHere =>
        CoroutineScheduler.Current is { } current
        && ReferenceEquals(_scheduler ??= current, current);

    /// <summary>The type of the object that is waited for.</summary>
    public Type OwnerType => owner.GetType();

    public override string ToString() => owner.GetType().Name.Split('`')[0];

    public InvalidOperationException Misuse() => new(CoroutineScheduler.Current is null
        ? "No event loop runs on this thread: this can only be waited for on the loop."
        : $"{this} is bound to a different event loop.");

    public void Park(TaskStep step)
    {
        Add(Waiter.Of(step));
        step.SuspendOn(this);
    }

    public void Park(Action continuation) => Add(Waiter.Of(continuation));

    public void Add(Waiter waiter)
    {
        Debug.Assert(waiter.State == WaiterState.Idle, "a waiter is in one queue");
        waiter.State = WaiterState.Waiting;
        waiter.Queue = this;
        waiter.Previous = _last;
        waiter.Next = null;
        if (_last is null)
        {
            _first = waiter;
        }
        else
        {
            _last.Next = waiter;
        }

        _last = waiter;
        Count++;
    }

    public void Remove(Waiter waiter)
    {
        Debug.Assert(ReferenceEquals(waiter.Queue, this), "it is in another queue");
        if (waiter.Previous is { } previous)
        {
            previous.Next = waiter.Next;
        }
        else
        {
            _first = waiter.Next;
        }

        if (waiter.Next is { } next)
        {
            next.Previous = waiter.Previous;
        }
        else
        {
            _last = waiter.Previous;
        }

        waiter.Next = null;
        waiter.Previous = null;
        waiter.Queue = null;
        waiter.State = WaiterState.Idle;
        Count--;
    }

    /// <summary>Debug mode's check of a call that may wake a waiter.</summary>
    public void CheckThread()
    {
        if (CoroutineScheduler.IsDebugUsed)
        {
            _scheduler?.CheckThread();
        }
    }

    /// <summary>Removes the first waiter without waking it; null if there is none.</summary>
    public Waiter? TakeFirst()
    {
        CheckThread();
        Waiter? first = _first;
        if (first is not null)
        {
            Remove(first);
        }

        return first;
    }

    public bool WakeFirst()
    {
        Waiter? first = TakeFirst();
        first?.Wake();
        return first is not null;
    }

    public bool WakeFirst(int verdict)
    {
        CheckThread();
        if (_first is null)
        {
            return false;
        }

        _first.Verdict = verdict;
        return WakeFirst();
    }

    /// <summary>Wakes all waiters, in order.</summary>
    /// <param name="verdict">What each is told.</param>
    public void WakeAll(int verdict)
    {
        while (WakeFirst(verdict))
        {
        }
    }

    /// <inheritdoc/>
    public bool CancelWait(TaskStep waiter, string? message)
    {
        Waiter cancelled = Waiter.Of(waiter);
        if (cancelled.State == WaiterState.Waiting)
        {
            // It may have been moved to another queue.
            cancelled.Queue!.Remove(cancelled);
            cancelled.State = WaiterState.Left;
        }

        return false;
    }
}
