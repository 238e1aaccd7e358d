using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// The idle connections of a pool, and the one timer that ends them: all have the same time, so the
/// longest idle one is the next to be late.
/// </summary>
/// <remarks>Loop thread only. It knows the order over all origins and that of each.</remarks>
internal sealed class IdleConnections(
    EventLoop loop, TimeSpan timeout, Action<PooledConnection> onLate) : DeadlineTimer(loop)
{
    private readonly IntrusiveList<PooledConnection, PooledConnection.Links> _byAge = [];

    public int Count => _byAge.Count;

    /// <summary>The longest idle one of all; null: none.</summary>
    public PooledConnection? Oldest => _byAge.First;

    public void Add(PooledConnection connection)
    {
        connection.IsIdle = true;
        connection.IdleUntil = loop.MomentAfter(timeout);
        connection.Origin.Idle.Add(connection);
        _byAge.Add(connection);
        Follow();
        connection.Watch();
    }

    public void Remove(PooledConnection connection)
    {
        connection.IsIdle = false;
        connection.Origin.Idle.Remove(connection);
        _byAge.Remove(connection);
        Follow();
    }

    /// <summary>
    /// Takes the connection of an origin that was used last: its server is the least likely to
    /// close it now.
    /// </summary>
    public PooledConnection? TakeFreshest(PoolOrigin origin)
    {
        PooledConnection? freshest = origin.Idle.Count == 0 ? null : origin.Idle[^1];
        if (freshest is not null)
        {
            Remove(freshest);
        }

        return freshest;
    }

    protected override void OnDue(TimeSpan due)
    {
        while (Oldest is { } oldest && oldest.IdleUntil <= due)
        {
            onLate(oldest);
        }

        Follow();
    }

    private void Follow()
    {
        if (Oldest is { } oldest && oldest.IdleUntil != TimeSpan.MaxValue)
        {
            Set(oldest.IdleUntil);
        }
        else
        {
            Clear();
        }
    }
}
