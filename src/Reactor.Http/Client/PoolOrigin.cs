using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// What a pool has for one origin: the permits taken, the idle connections, and the waiters. It
/// exists while it has any of them, so a client of many hosts does not grow.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class PoolOrigin(ClientOrigin name, int permitsMax)
{
    public ClientOrigin Name { get; } = name;

    /// <summary>Connections that are open or being opened.</summary>
    public int Taken { get; set; }

    public bool IsFull => Taken >= permitsMax;

    /// <summary>Longest idle first; the last is lent first.</summary>
    public List<PooledConnection> Idle { get; } = [];

    /// <summary>First come, first served.</summary>
    public IntrusiveList<PoolWaiter, PoolWaiter.Links> Waiters { get; } = [];

    public bool IsUnused => Taken == 0 && Waiters.Count == 0;

    /// <summary>Its key among the ready origins: the number of a waiter; 0: none.</summary>
    public long ReadyAs { get; set; }
}

/// <summary>The origins of a pool that have something.</summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class PoolOrigins(int permitsMax)
{
    private readonly Dictionary<ClientOrigin, PoolOrigin> _origins = [];

    public int Count => _origins.Count;

    public PoolOrigin? TryGet(ClientOrigin name) => _origins.GetValueOrDefault(name);

    public PoolOrigin GetOrAdd(ClientOrigin name)
    {
        if (!_origins.TryGetValue(name, out PoolOrigin? origin))
        {
            origin = new PoolOrigin(name, permitsMax);
            _origins.Add(name, origin);
        }

        return origin;
    }

    public void RemoveIfUnused(PoolOrigin origin)
    {
        // Another object may stand for the same name since this one was removed.
        if (origin.IsUnused && ReferenceEquals(origin, TryGet(origin.Name)))
        {
            _origins.Remove(origin.Name);
        }
    }
}
