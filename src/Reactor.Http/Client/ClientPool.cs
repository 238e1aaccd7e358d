using System.Diagnostics;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// The connections of a session: lends them to requests, keeps unused ones for a while, and queues
/// requests at a bound.
/// </summary>
/// <remarks>
/// <para>
/// Loop thread only. A <i>permit</i> is the right to have one connection open; it is taken before
/// the connection is opened and given back after it is closed, so no bound is ever exceeded.
/// Invariants: an origin with waiters has no idle connection, and while some waiter lacks only a
/// permit of the total, no connection at all is idle.
/// </para>
/// <para>
/// What becomes free goes to the oldest waiter that can use it, also one of another origin: then
/// the connection is closed for its permit. The freshest idle connection is lent first. The request
/// that opens a connection waits for that one, as in aiohttp, even if another becomes idle
/// meanwhile: its attempt ends with it, so no attempt outlives its request, and its error has a
/// reader. Browsers and .NET take the first of both, and so open more than they use.
/// </para>
/// <para>
/// With a proxy, connections are still kept by origin, not shared between all origins that the
/// proxy serves: a response that the proxy mixes up then stays among requests that have the same
/// credentials and cookies, the bound for each host keeps its meaning, and a slow origin cannot
/// take the connections of the others (aiohttp does the same).
/// </para>
/// </remarks>
internal sealed class ClientPool
{
    private readonly PoolOrigins _origins;
    private readonly Dictionary<ClientConnection, PooledConnection> _open = [];
    private readonly Func<Connection, ClientOrigin, ClientConnection> _wrap;
    private readonly ClientOptions _options;
    private readonly ClientConnector _connector;
    private readonly IdleConnections _idle;
    private readonly PoolLine _line;
    private int _taken;
    private bool _isClosed;

    /// <summary>Makes an empty pool.</summary>
    /// <param name="loop">The loop of all its connections.</param>
    /// <param name="options">The bounds and deadlines.</param>
    /// <param name="wrap">Makes the client's connection of an open one.</param>
    public ClientPool(
        EventLoop loop, ClientOptions options,
        Func<Connection, ClientOrigin, ClientConnection> wrap)
    {
        _options = options;
        _wrap = wrap;
        _origins = new PoolOrigins(options.ConnectionsPerHostMax);
        _connector = new ClientConnector(loop, options);
        _line = new PoolLine(loop, options.PoolTimeout);
        _idle = new IdleConnections(loop, options.IdleTimeout, Forget);
    }

    /// <summary>Open connections, lent or idle.</summary>
    public int OpenConnections => _open.Count;

    public int IdleConnections => _idle.Count;

    /// <summary>Permits taken: connections that are open or being opened.</summary>
    public int Permits => _taken;

    public int WaitingRequests => _line.Count;

    /// <summary>Origins that have a connection, an attempt or a waiter.</summary>
    public int Origins => _origins.Count;

    /// <summary>
    /// Lends a connection, an idle one unless it must be new. Give it to <see cref="Return"/>
    /// afterwards, also if it was closed. A cancelled call holds nothing.
    /// </summary>
    /// <exception cref="ClientPoolException">
    /// Too many requests wait, or the session is closed.
    /// </exception>
    /// <exception cref="ClientTimeoutException">
    /// No connection became free, or none could be opened, in time.
    /// </exception>
    /// <exception cref="ClientConnectException">None could be opened.</exception>
    public async Coroutine<ClientConnection> RentAsync(ClientOrigin origin, bool mustBeNew)
    {
        if (_isClosed)
        {
            throw PoolErrors.Closed();
        }

        if (!mustBeNew && TryTakeIdle(origin) is { } idle)
        {
            return idle.Connection;
        }

        PoolOrigin home = _origins.GetOrAdd(origin);
        if (!TryTakePermit(home) && await WaitAsync(home, mustBeNew) is { } granted)
        {
            return granted.Connection;
        }

        return await OpenAsync(home);
    }

    /// <summary>
    /// Takes a connection back: keeps it if another request may use it, else closes it. Does
    /// nothing if the connection is not lent.
    /// </summary>
    public void Return(ClientConnection connection)
    {
        if (!_open.TryGetValue(connection, out PooledConnection? member) || member.IsIdle)
        {
            return;
        }

        bool isReusable = !_isClosed && connection.IsReusable && member.IsClean;
        while (isReusable)
        {
            if (OldestFor(member.Origin) is not { } waiter)
            {
                _idle.Add(member);
                return;
            }

            if (waiter.Origin != member.Origin || waiter.MustBeNew || !member.IsQuiet)
            {
                break;
            }

            if (_line.End(waiter, new PoolGrant(PoolGrantKind.Connection, member)))
            {
                return;
            }
        }

        Forget(member);
    }

    /// <summary>
    /// Closes idle connections and fails the waiters. A lent connection is closed when it comes
    /// back; an attempt to connect fails at its end. Idempotent.
    /// </summary>
    public void Close()
    {
        _isClosed = true;
        _line.EndAll();
        while (_idle.Oldest is { } oldest)
        {
            Drop(oldest);
        }

        _idle.Disarm();
    }

    private PooledConnection? TryTakeIdle(ClientOrigin origin)
    {
        while (_origins.TryGet(origin) is { } home
            && _idle.TakeFreshest(home) is { } freshest)
        {
            if (freshest.IsQuiet)
            {
                return freshest;
            }

            Drop(freshest); // no waiter wants the permit: see the invariants
        }

        return null;
    }

    /// <summary>
    /// Takes a permit if one is free, or an idle connection can be closed for it: of the same
    /// origin at its bound, else the longest idle one. By the invariants, neither is so if a waiter
    /// comes before.
    /// </summary>
    private bool TryTakePermit(PoolOrigin home)
    {
        bool isFull = home.IsFull;
        PooledConnection? victim = !isFull ? _idle.Oldest
            : home.Idle.Count > 0 ? home.Idle[0]
            : null;
        bool needsVictim = isFull || _taken >= _options.ConnectionsMax;
        if (needsVictim && victim is null)
        {
            return false;
        }

        Debug.Assert(home.Waiters.Count == 0, "what is free goes to a waiter first");
        Take(home);
        if (needsVictim)
        {
            Drop(victim!); // after the permit is taken, so that an unused origin is not removed
        }

        return true;
    }

    /// <summary>Waits for a connection, or for a permit: null.</summary>
    private async Coroutine<PooledConnection?> WaitAsync(PoolOrigin home, bool mustBeNew)
    {
        if (_line.Count >= _options.WaitersMax)
        {
            _origins.RemoveIfUnused(home);
            throw PoolErrors.Full(_options);
        }

        PoolWaiter waiter = _line.Join(home, mustBeNew);
        bool isResumed = false;
        try
        {
            PoolGrant grant = await waiter.Outcome;
            isResumed = true;
            return grant.Kind switch
            {
                PoolGrantKind.Late => throw PoolErrors.Late(_options, home.Name),
                PoolGrantKind.Closed => throw PoolErrors.Closed(),
                _ => grant.Connection,
            };
        }
        finally
        {
            _line.Leave(waiter);
            if (!isResumed && waiter.Outcome is { IsDone: true, IsCancelled: false } outcome)
            {
                GiveBack(home, outcome.Result); // cancelled after the grant
            }

            _origins.RemoveIfUnused(home);
        }
    }

    private void GiveBack(PoolOrigin home, PoolGrant grant)
    {
        if (grant.Connection is { } member)
        {
            Return(member.Connection);
        }
        else if (grant.Kind == PoolGrantKind.Permit)
        {
            Release(home);
            GrantPermits();
        }
    }

    /// <summary>Opens a connection for a permit, which is given back if that fails.</summary>
    private async Coroutine<ClientConnection> OpenAsync(PoolOrigin home)
    {
        ClientConnection? opened = null;
        try
        {
            if (!_isClosed)
            {
                Connection connection = await _connector.ConnectAsync(home.Name);
                opened = _wrap(connection, home.Name);
                _open.Add(opened, new PooledConnection(opened, home, Forget));
            }
        }
        finally
        {
            if (opened is null)
            {
                Release(home);
                GrantPermits();
            }
        }

        if (_isClosed)
        {
            Forget(opened);
            throw PoolErrors.Closed();
        }

        return opened!;
    }

    private void Forget(ClientConnection? connection)
    {
        if (connection is not null)
        {
            Forget(_open[connection]);
        }
    }

    private void Forget(PooledConnection member)
    {
        Drop(member);
        GrantPermits();
    }

    /// <summary>Closes a connection and gives its permit back.</summary>
    private void Drop(PooledConnection member)
    {
        _open.Remove(member.Connection);
        if (member.IsIdle)
        {
            _idle.Remove(member);
        }

        member.Connection.Close();
        Release(member.Origin);
    }

    private void GrantPermits()
    {
        while (_taken < _options.ConnectionsMax && _line.OldestReady is { } waiter)
        {
            if (_line.End(waiter, new PoolGrant(PoolGrantKind.Permit)))
            {
                Take(waiter.Origin);
            }
        }
    }

    private PoolWaiter? OldestFor(PoolOrigin home)
    {
        PoolWaiter? own = home.Waiters.First;
        PoolWaiter? ready = _line.OldestReady;
        return own is null || ready?.Number < own.Number ? ready : own;
    }

    private void Take(PoolOrigin home)
    {
        _taken++;
        home.Taken++;
        _line.Update(home);
    }

    private void Release(PoolOrigin home)
    {
        _taken--;
        home.Taken--;
        _line.Update(home);
        _origins.RemoveIfUnused(home);
    }
}
