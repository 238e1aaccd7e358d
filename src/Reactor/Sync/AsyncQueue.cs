namespace Reactor.Sync;

/// <summary>
/// A queue: first in, first out (asyncio: <c>Queue</c>).
/// </summary>
/// <typeparam name="T">The type of the items.</typeparam>
/// <param name="capacity">The most items that it holds; 0 or less: no limit.</param>
public sealed class AsyncQueue<T>(int capacity = 0) : AsyncBuffer<T>(capacity)
{
    private readonly Queue<T> _items = new();

    private protected override void Store(T item) => _items.Enqueue(item);

    private protected override T Unstore() => _items.Dequeue();
}

/// <summary>
/// A stack: last in, first out (asyncio: <c>LifoQueue</c>).
/// </summary>
/// <typeparam name="T">The type of the items.</typeparam>
/// <param name="capacity">The most items that it holds; 0 or less: no limit.</param>
public sealed class AsyncStack<T>(int capacity = 0) : AsyncBuffer<T>(capacity)
{
    private readonly Stack<T> _items = new();

    private protected override void Store(T item) => _items.Push(item);

    private protected override T Unstore() => _items.Pop();
}

/// <summary>
/// A queue that gives the item with the least priority first, the older of equals (asyncio:
/// <c>PriorityQueue</c>, which then compares the items).
/// </summary>
/// <typeparam name="T">The type of the items.</typeparam>
/// <typeparam name="TPriority">The type of the priorities.</typeparam>
public sealed class AsyncPriorityQueue<T, TPriority> : AsyncBuffer<(T Item, TPriority Priority)>
{
    private readonly PriorityQueue<T, (TPriority Priority, long Number)> _items;
    private long _number;

    /// <summary>Makes one. Any thread.</summary>
    /// <param name="capacity">The most items that it holds; 0 or less: no limit.</param>
    /// <param name="comparer">Orders the priorities; null: their own order.</param>
    public AsyncPriorityQueue(int capacity = 0, IComparer<TPriority>? comparer = null)
        : base(capacity)
    {
        comparer ??= Comparer<TPriority>.Default;
        _items = new(Comparer<(TPriority Priority, long Number)>.Create((a, b) =>
        {
            int order = comparer.Compare(a.Priority, b.Priority);
            return order != 0 ? order : a.Number.CompareTo(b.Number);
        }));
    }

    /// <inheritdoc cref="AsyncBuffer{T}.PutAsync"/>
    public PutAwaitable<(T Item, TPriority Priority)> PutAsync(T item, TPriority priority) =>
        PutAsync((item, priority));

    /// <inheritdoc cref="AsyncBuffer{T}.TryPut"/>
    public bool TryPut(T item, TPriority priority) => TryPut((item, priority));

    /// <inheritdoc cref="AsyncBuffer{T}.Put"/>
    public void Put(T item, TPriority priority) => Put((item, priority));

    private protected override void Store((T Item, TPriority Priority) item) =>
        _items.Enqueue(item.Item, (item.Priority, _number++));

    private protected override (T Item, TPriority Priority) Unstore()
    {
        _items.TryDequeue(out T? item, out (TPriority Priority, long Number) key);
        return (item!, key.Priority);
    }
}
