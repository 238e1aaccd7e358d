using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Reactor.Sync;

/// <summary>
/// Items on their way from tasks that put them to tasks that take them; in which order is for the
/// subclass to say (asyncio: <c>Queue</c> and its kin). <c>await foreach</c> takes items until the
/// buffer is shut down and empty.
/// </summary>
/// <remarks>
/// <para>
/// Loop thread only. Made without a loop; bound to one at the first wait that really blocks. A put
/// that finds room and a take that finds an item touch no loop, do not suspend and allocate nothing
/// but what the store grows by.
/// </para>
/// <para>
/// Takers and putters are served in the order they came. Who is woken has an item, or a room,
/// promised: nobody who comes before it runs can have that, and if it is cancelled the next one
/// gets it. Which item it is, is decided when it runs, so a priority queue gives the best of that
/// moment. ≠ asyncio, where a newcomer may take the item away and the woken one waits anew, at the
/// end of the line.
/// </para>
/// </remarks>
/// <typeparam name="T">The type of the items.</typeparam>
public abstract class AsyncBuffer<T>
{
    // What a woken waiter finds out.
    private const int IsPromised = 1;
    private const int IsOver = 0;

    private readonly WaitLine _takers;
    private readonly WaitLine _putters;
    private readonly AsyncEvent _finished = new(isSet: true);
    private int _promisedItems;
    private int _promisedRooms;
    private int _unfinished;

    private protected AsyncBuffer(int capacity)
    {
        Capacity = Math.Max(capacity, 0);
        _takers = new WaitLine(this);
        _putters = new WaitLine(this);
    }

    /// <summary>How many items it holds at most; 0: any number (asyncio: <c>maxsize</c>).</summary>
    public int Capacity { get; }

    /// <summary>How many items it holds, promised ones included (asyncio: <c>qsize</c>).</summary>
    public int Count { get; private set; }

    /// <summary>
    /// True unless <see cref="TryTake"/> would give an item (asyncio: <c>empty</c>).
    /// </summary>
    public bool IsEmpty => Count <= _promisedItems;

    /// <summary>
    /// True if there is no room that is promised to nobody (asyncio: <c>full</c>).
    /// </summary>
    public bool IsFull => Capacity > 0 && Count + _promisedRooms >= Capacity;

    /// <summary>True after <see cref="Shutdown"/>.</summary>
    public bool IsShutDown { get; private set; }

    internal bool MustPutterWait => IsFull && !IsShutDown && _putters.CanWaitHere;

    internal bool MustTakerWait => IsEmpty && !IsShutDown && _takers.CanWaitHere;

    internal WaitLine Putters => _putters;

    internal WaitLine Takers => _takers;

    /// <summary>
    /// Puts an item when awaited, as soon as there is room (asyncio: <c>put</c>). Nothing happens
    /// before the await. If it throws, the item was not put.
    /// </summary>
    /// <exception cref="QueueShutDownException">It was shut down, before or meanwhile.</exception>
    /// <exception cref="LoopCanceledException">The awaiting task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// It would have to wait, and is bound to a different loop, or no loop runs here.
    /// </exception>
    public PutAwaitable<T> PutAsync(T item) => new(this, item);

    /// <summary>Puts an item if there is room and it is not shut down; never waits.</summary>
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
    /// <exception cref="QueueShutDownException">It is shut down.</exception>
    public void Put(T item)
    {
        if (!TryPut(item))
        {
            throw IsShutDown ? new QueueShutDownException() : new QueueFullException();
        }
    }

    /// <summary>
    /// Takes an item when awaited, as soon as there is one (asyncio: <c>get</c>). Nothing happens
    /// before the await. If it throws, no item was taken.
    /// </summary>
    /// <exception cref="QueueShutDownException">It is shut down and empty.</exception>
    /// <exception cref="LoopCanceledException">The awaiting task was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// It would have to wait, and is bound to a different loop, or no loop runs here.
    /// </exception>
    public TakeAwaitable<T> TakeAsync() => new(this);

    /// <summary>Takes an item if there is one that is promised to nobody; never waits.</summary>
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
    /// <exception cref="QueueEmptyException">There is none.</exception>
    /// <exception cref="QueueShutDownException">There is none, and it is shut down.</exception>
    public T Take()
    {
        if (TryTake(out T? item))
        {
            return item;
        }

        throw IsShutDown ? new QueueShutDownException() : new QueueEmptyException();
    }

    /// <summary>Takes items until it is shut down and empty; for <c>await foreach</c>.</summary>
    public BufferEnumerator<T> GetAsyncEnumerator() => new(this);

    /// <summary>
    /// Waits, when awaited, until <see cref="TaskDone"/> was called for each item that was put
    /// (asyncio: <c>join</c>).
    /// </summary>
    /// <exception cref="LoopCanceledException">The awaiting task was cancelled.</exception>
    public EventAwaitable JoinAsync() => _finished.WaitAsync();

    /// <summary>The work on one item that was taken is done (asyncio: <c>task_done</c>).</summary>
    /// <exception cref="InvalidOperationException">It was called for each item already.</exception>
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
    /// Puts an end to it: puts throw from now on, those that wait as well; takes give what is left,
    /// then throw. Again is harmless. (asyncio: <c>shutdown</c>)
    /// </summary>
    /// <param name="immediate">
    /// Drop what is left and count it as done; an item that was taken still needs its
    /// <see cref="TaskDone"/>.
    /// </param>
    public void Shutdown(bool immediate = false)
    {
        IsShutDown = true;
        if (immediate)
        {
            DropItems();
        }

        _takers.WakeAll(IsOver);
        _putters.WakeAll(IsOver);
    }

    /// <summary>How many items there are, and how many wait.</summary>
    public override string ToString() =>
        $"<{GetType().Name.Split('`')[0]} count={Count}{(Capacity > 0 ? $"/{Capacity}" : "")} " +
        $"takers={_takers.Count} putters={_putters.Count}{(IsShutDown ? " shut down" : "")}>";

    /// <summary>The end of an await of a put.</summary>
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
            throw IsShutDown ? new QueueShutDownException() : _putters.Misuse();
        }
    }

    /// <summary>The end of an await of a take; false if it is shut down and empty.</summary>
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

        return IsShutDown ? false : throw _takers.Misuse();
    }

    private protected abstract void Store(T item);

    private protected abstract T Unstore();

    /// <summary>The promise is over; true if it was in vain and goes to the next one.</summary>
    private static bool TakeBackPromise(Waiter waiter, ref int promised)
    {
        if (waiter.State != WaitState.Woken || waiter.Verdict != IsPromised)
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
        if (!IsEmpty && _takers.WakeFirst(IsPromised))
        {
            _promisedItems++;
        }
    }

    private void WakePutter()
    {
        if (!IsFull && _putters.WakeFirst(IsPromised))
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
