using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Reactor.Sync;

/// <summary>
/// Passes items between tasks, in the order of the subclass (asyncio: <c>Queue</c> and its
/// variants). <c>await foreach</c> takes items until the buffer is shut down and empty.
/// </summary>
/// <remarks>
/// Loop thread only. Bound to a loop at the first wait that blocks. FIFO: an item or a place is
/// reserved for a resumed waiter, and no later caller can take it (unlike asyncio). The item is
/// chosen when the waiter runs.
/// </remarks>
/// <typeparam name="T">The type of the items.</typeparam>
public abstract class AsyncBuffer<T>
{
    // The verdict of a woken waiter.
    private const int IsPromised = 1;
    private const int IsOver = 0;

    private readonly AsyncEvent _finished = new(isSet: true);
    private int _promisedItems;
    private int _promisedRooms;
    private int _unfinished;

    private protected AsyncBuffer(int capacity)
    {
        Capacity = Math.Max(capacity, 0);
        Takers = new WaitQueue(this);
        Putters = new WaitQueue(this);
    }

    /// <summary>Maximum number of items; 0: no limit (asyncio: <c>maxsize</c>).</summary>
    public int Capacity { get; }

    /// <summary>The number of items, including reserved ones (asyncio: <c>qsize</c>).</summary>
    public int Count { get; private set; }

    /// <summary>True if <see cref="TryTake"/> fails (asyncio: <c>empty</c>).</summary>
    public bool IsEmpty => Count <= _promisedItems;

    /// <summary>True if there is no room for an item (asyncio: <c>full</c>).</summary>
    public bool IsFull => Capacity > 0 && Count + _promisedRooms >= Capacity;

    /// <summary>True after <see cref="Shutdown"/>.</summary>
    public bool IsShutDown { get; private set; }

    internal bool MustPutterWait => IsFull && !IsShutDown && Putters.CanWaitHere;

    internal bool MustTakerWait => IsEmpty && !IsShutDown && Takers.CanWaitHere;

    internal WaitQueue Putters { get; }

    internal WaitQueue Takers { get; }

    /// <summary>
    /// Puts an item when awaited, once there is room (asyncio: <c>put</c>); not if the await
    /// throws.
    /// </summary>
    /// <exception cref="QueueShutDownException">The buffer was shut down.</exception>
    /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">No loop, or a different one, runs.</exception>
    public PutAwaitable<T> PutAsync(T item) => new(this, item);

    /// <summary>Puts an item unless the buffer is full or shut down.</summary>
    public bool TryPut(T item)
    {
        if (IsShutDown || IsFull)
        {
            return false;
        }

        Accept(item);
        return true;
    }

    /// <summary>Puts an item at once (asyncio: <c>put_nowait</c>).</summary>
    /// <exception cref="QueueFullException">There is no room.</exception>
    /// <exception cref="QueueShutDownException">The buffer is shut down.</exception>
    public void Put(T item)
    {
        if (!TryPut(item))
        {
            throw IsShutDown ? new QueueShutDownException() : new QueueFullException();
        }
    }

    /// <summary>
    /// Takes an item when awaited, once there is one (asyncio: <c>get</c>); not if the await
    /// throws.
    /// </summary>
    /// <exception cref="QueueShutDownException">The buffer is shut down and empty.</exception>
    /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">No loop, or a different one, runs.</exception>
    public TakeAwaitable<T> TakeAsync() => new(this);

    /// <summary>Takes an item if there is one that is not reserved.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        if (IsEmpty)
        {
            item = default;
            return false;
        }

        item = GiveOut();
        return true;
    }

    /// <summary>Takes an item at once (asyncio: <c>get_nowait</c>).</summary>
    /// <exception cref="QueueEmptyException">There is no unreserved item.</exception>
    /// <exception cref="QueueShutDownException">
    /// There is no item, and the buffer is shut down.
    /// </exception>
    public T Take()
    {
        if (TryTake(out T? item))
        {
            return item;
        }

        throw IsShutDown ? new QueueShutDownException() : new QueueEmptyException();
    }

    /// <summary>For <c>await foreach</c>.</summary>
    public BufferEnumerator<T> GetAsyncEnumerator() => new(this);

    /// <summary>
    /// Waits until <see cref="TaskDone"/> was called for each item (asyncio: <c>join</c>).
    /// </summary>
    /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
    public EventAwaitable JoinAsync() => _finished.WaitAsync();

    /// <summary>Marks one item as processed (asyncio: <c>task_done</c>).</summary>
    /// <exception cref="InvalidOperationException">
    /// It was already called for every item.
    /// </exception>
    public void TaskDone()
    {
        if (_unfinished == 0)
        {
            throw new InvalidOperationException("TaskDone was called too many times.");
        }

        if (--_unfinished == 0)
        {
            _finished.Set();
        }
    }

    /// <summary>
    /// Ends the buffer: all puts throw; takes return the remaining items, then throw. Idempotent.
    /// (asyncio: <c>shutdown</c>)
    /// </summary>
    /// <param name="immediate">True drops the remaining items and counts them as done.</param>
    public void Shutdown(bool immediate = false)
    {
        IsShutDown = true;
        if (immediate)
        {
            DropItems();
        }

        Takers.WakeAll(IsOver);
        Putters.WakeAll(IsOver);
    }

    /// <summary>The numbers of items and waiters.</summary>
    public override string ToString() =>
        $"<{GetType().Name.Split('`')[0]} count={Count}{(Capacity > 0 ? $"/{Capacity}" : "")} " +
        $"takers={Takers.Count} putters={Putters.Count}{(IsShutDown ? " shut down" : "")}>";

    [StackTraceHidden]
    internal void EndPut(T item)
    {
        if (Waiter.Resumed() is { } waiter)
        {
            if (TakeBackPromise(waiter, ref _promisedRooms))
            {
                WakePutter();
            }

            waiter.End();
            if (IsShutDown)
            {
                throw new QueueShutDownException();
            }

            Accept(item);
        }
        else if (!TryPut(item))
        {
            throw IsShutDown ? new QueueShutDownException() : Putters.Misuse();
        }
    }

    /// <summary>The end of a take; false if shut down and empty.</summary>
    [StackTraceHidden]
    internal bool EndTake([MaybeNullWhen(false)] out T item)
    {
        if (Waiter.Resumed() is { } waiter)
        {
            if (TakeBackPromise(waiter, ref _promisedItems))
            {
                WakeTaker();
            }

            waiter.End();
        }

        if (TryTake(out item))
        {
            return true;
        }

        return IsShutDown ? false : throw Takers.Misuse();
    }

    private protected abstract void Store(T item);

    private protected abstract T Unstore();

    /// <summary>Ends the promise; true if the next waiter must get it.</summary>
    private static bool TakeBackPromise(Waiter waiter, ref int promised)
    {
        if (waiter.State != WaiterState.Woken || waiter.Verdict != IsPromised)
        {
            return false;
        }

        promised--;
        return waiter.IsInterrupted;
    }

    private void Accept(T item)
    {
        Store(item);
        Count++;
        _unfinished++;
        _finished.Reset();
        WakeTaker();
    }

    private T GiveOut()
    {
        T item = Unstore();
        Count--;
        WakePutter();
        return item;
    }

    private void WakeTaker()
    {
        if (!IsEmpty && Takers.WakeFirst(IsPromised))
        {
            _promisedItems++;
        }
    }

    private void WakePutter()
    {
        if (!IsFull && Putters.WakeFirst(IsPromised))
        {
            _promisedRooms++;
        }
    }

    private void DropItems()
    {
        for (; Count > 0; Count--)
        {
            Unstore();
            _unfinished -= _unfinished > 0 ? 1 : 0;
        }

        if (_unfinished == 0)
        {
            _finished.Set();
        }
    }
}
