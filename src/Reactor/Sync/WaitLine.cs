using System.Diagnostics;

namespace Reactor.Sync;

/// <summary>
/// Those who wait for one thing, first come first served: a list linked through the waiters, so
/// that one in the middle leaves without a search. It belongs to no loop until somebody really
/// waits; from then on to that loop (asyncio: <c>_LoopBoundMixin</c>).
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class WaitLine(object owner) : IWaitSource
{
    private CoroutineScheduler? _scheduler;
    private Waiter? _first;
    private Waiter? _last;

    public int Count { get; private set; }

    public bool IsEmpty => _first is null;

    /// <summary>The loop of those who wait; there is one once anybody has waited.</summary>
    public CoroutineScheduler Scheduler => _scheduler!;

    /// <summary>
    /// Binds the line to the loop that runs here, if it has none. False if no loop runs here or the
    /// line has another: then the await must not park, and its <c>GetResult</c> throws
    /// <see cref="Misuse"/>.
    /// </summary>
    public bool CanWaitHere =>
        CoroutineScheduler.Current is { } current
        && ReferenceEquals(_scheduler ??= current, current);

    /// <summary>What its waiters wait for.</summary>
    public override string ToString() => owner.GetType().Name.Split('`')[0];

    /// <summary>What is wrong where <see cref="CanWaitHere"/> says no.</summary>
    public InvalidOperationException Misuse() => new(CoroutineScheduler.Current is null
        ? "No event loop runs on this thread: this can only be waited for on the loop."
        : $"{this} is bound to a different event loop.");

    /// <summary>Parks a task at the end of the line.</summary>
    public void Park(TaskStep step)
    {
        Add(Waiter.Of(step));
        step.SuspendOn(this);
    }

    /// <summary>Parks a continuation at the end of the line.</summary>
    public void Park(Action continuation) => Add(Waiter.Of(continuation));

    public void Add(Waiter waiter)
    {
        Debug.Assert(waiter.State == WaitState.Idle, "a waiter stands in one line");
        waiter.State = WaitState.Waiting;
        waiter.Line = this;
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
        Debug.Assert(ReferenceEquals(waiter.Line, this), "it stands in another line");
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
        waiter.Line = null;
        waiter.State = WaitState.Idle;
        Count--;
    }

    /// <summary>
    /// Debug mode's check of a call that may wake a waiter, also if none waits. A line that no task
    /// has waited in yet is bound to no loop, and is not checked.
    /// </summary>
    public void CheckThread()
    {
        if (CoroutineScheduler.IsDebugUsed)
        {
            _scheduler?.CheckThread();
        }
    }

    /// <summary>Takes the first out of the line, without waking it; null if nobody waits.</summary>
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

    /// <summary>Wakes the first; false if nobody waits.</summary>
    public bool WakeFirst()
    {
        Waiter? first = TakeFirst();
        first?.Wake();
        return first is not null;
    }

    /// <summary>Tells the first something and wakes it; false if nobody waits.</summary>
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

    /// <summary>Tells all the same thing and wakes them, in order.</summary>
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
        if (cancelled.State == WaitState.Waiting)
        {
            // Perhaps not this one: a waiter may have been moved on to another line.
            cancelled.Line!.Remove(cancelled);
            cancelled.State = WaitState.Left;
        }

        return false;
    }
}
