using System.Diagnostics;

namespace Reactor.Http;

/// <summary>
/// The requests that wait for a connection, in the order in which they came, for each origin and
/// over all.
/// </summary>
/// <remarks>
/// Loop thread only. An origin is <i>ready</i> if it has waiters and is below its bound: they lack
/// only a permit of the total. The ready origins are sorted by their first waiters, so the oldest
/// waiter that can use a permit is found without a search.
/// </remarks>
internal sealed class PoolLine(EventLoop loop, TimeSpan timeout)
{
    private readonly SortedSet<PoolOrigin> _ready =
        new(Comparer<PoolOrigin>.Create(static (a, b) => a.ReadyAs.CompareTo(b.ReadyAs)));

    private readonly HashSet<PoolOrigin> _waited = [];
    private long _lastNumber;

    public int Count { get; private set; }

    /// <summary>The oldest waiter of an origin below its bound; null: none.</summary>
    public PoolWaiter? OldestReady => _ready.Min?.Waiters.First;

    public PoolWaiter Join(PoolOrigin origin, bool mustBeNew)
    {
        var waiter = new PoolWaiter(loop, origin, ++_lastNumber, mustBeNew, EndLate);
        origin.Waiters.Add(waiter);
        _waited.Add(origin);
        Count++;
        if (timeout != TimeSpan.MaxValue)
        {
            waiter.Set(loop.MomentAfter(timeout));
        }

        Update(origin);
        return waiter;
    }

    /// <summary>Removes a waiter; idempotent.</summary>
    public void Leave(PoolWaiter waiter)
    {
        if (!waiter.IsWaiting)
        {
            return;
        }

        PoolOrigin origin = waiter.Origin;
        waiter.IsWaiting = false;
        waiter.Disarm();
        origin.Waiters.Remove(waiter);
        Count--;
        if (origin.Waiters.Count == 0)
        {
            _waited.Remove(origin);
        }

        Update(origin);
    }

    /// <summary>Removes a waiter and ends its wait; false if it was cancelled.</summary>
    public bool End(PoolWaiter waiter, PoolGrant grant)
    {
        Leave(waiter);
        return waiter.Outcome.TrySetResult(grant);
    }

    /// <summary>Ends all waits: the session is closed.</summary>
    public void EndAll()
    {
        foreach (PoolWaiter waiter in _waited.SelectMany(static origin => origin.Waiters).ToList())
        {
            End(waiter, new PoolGrant(PoolGrantKind.Closed));
        }
    }

    /// <summary>The first waiter or the number of permits of an origin has changed.</summary>
    public void Update(PoolOrigin origin)
    {
        long number = origin.IsFull ? 0 : origin.Waiters.First?.Number ?? 0;
        if (number == origin.ReadyAs)
        {
            return;
        }

        if (origin.ReadyAs != 0)
        {
            bool wasReady = _ready.Remove(origin);
            Debug.Assert(wasReady, "the key changes only here");
        }

        origin.ReadyAs = number;
        if (number != 0)
        {
            _ready.Add(origin);
        }
    }

    private void EndLate(PoolWaiter waiter) => End(waiter, new PoolGrant(PoolGrantKind.Late));
}
