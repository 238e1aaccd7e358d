using System.Diagnostics;

namespace Reactor;

/// <summary>A waiter in <see cref="FutureWaiters"/> that may stop waiting.</summary>
internal interface IFutureWaiter
{
    /// <summary>True once it stopped waiting.</summary>
    bool IsOver { get; }
}

/// <summary>
/// The waiters of one future, in order: steps, callbacks and observers. Each can be removed, so
/// that a wait that ends early leaves nothing on a long-lived future.
/// </summary>
/// <remarks>
/// A view of the future's field: a struct as a field would leave a gap of 8 bytes before the fields
/// of derived classes. A long list is swept when half of its waiters are over: searching it for
/// each would be quadratic.
/// </remarks>
/// <param name="field">Null, one waiter, or a <see cref="WaiterList"/>.</param>
internal readonly ref struct FutureWaiters(ref object? field)
{
    private readonly ref object? _waiters = ref field;

    /// <summary>The number of waiters; some may be over.</summary>
    public int Count => _waiters switch
    {
        null => 0,
        WaiterList many => many.Count,
        _ => 1,
    };

    public object this[int index] =>
        _waiters is WaiterList many ? many[index] : _waiters!;

    public IEnumerable<object> Live => _waiters switch
    {
        null => [],
        WaiterList many => many.Where(static waiter => !IsOver(waiter)),
        _ => [_waiters],
    };

    public bool IsLast(object waiter) => ReferenceEquals(
        waiter, _waiters is WaiterList { Count: > 0 } many ? many[^1] : _waiters);

    public void Add(object waiter)
    {
        if (_waiters is WaiterList many)
        {
            many.Add(waiter);
        }
        else
        {
            _waiters = _waiters is null ? waiter : new WaiterList { _waiters, waiter };
        }
    }

    public void Remove(object waiter)
    {
        if (ReferenceEquals(_waiters, waiter))
        {
            _waiters = null;
        }
        else
        {
            (_waiters as WaiterList)?.Remove(waiter);
        }
    }

    /// <summary>Removes a waiter that is over; from a long list later.</summary>
    public void Drop(IFutureWaiter waiter)
    {
        Debug.Assert(waiter.IsOver, "a list may keep it for a while and must not tell it");
        if (_waiters is WaiterList many)
        {
            many.Drop(waiter);
        }
        else
        {
            Remove(waiter);
        }
    }

    public int RemoveAll(Predicate<object> matches)
    {
        if (_waiters is WaiterList many)
        {
            return many.RemoveAll(matches);
        }

        if (_waiters is null || !matches(_waiters))
        {
            return 0;
        }

        _waiters = null;
        return 1;
    }

    private static bool IsOver(object waiter) => waiter is IFutureWaiter { IsOver: true };

    private sealed class WaiterList : List<object>
    {
        private const int SearchedMax = 32;

        private int _dropped;

        public void Drop(IFutureWaiter waiter)
        {
            if (Count <= SearchedMax)
            {
                Remove(waiter);
            }
            else if (++_dropped * 2 > Count)
            {
                RemoveAll(IsOver);
                _dropped = 0;
            }
        }
    }
}
