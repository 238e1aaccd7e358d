using Reactor.Net;

namespace Reactor.Http;

/// <summary>How the wait for a connection has ended.</summary>
internal enum PoolGrantKind
{
    /// <summary>With an idle connection.</summary>
    Connection,

    /// <summary>With a permit, which is taken, to open a connection.</summary>
    Permit,

    /// <summary>By <see cref="ClientOptions.PoolTimeout"/>.</summary>
    Late,

    /// <summary>By the end of the session.</summary>
    Closed,
}

/// <summary>The end of a wait; the connection is null for every other kind.</summary>
internal readonly record struct PoolGrant(
    PoolGrantKind Kind, PooledConnection? Connection = null);

/// <summary>A request that waits for a connection, and its deadline.</summary>
/// <remarks>
/// Loop thread only. The outcome is a value, never an exception: if the request is cancelled in the
/// same turn, no code would fetch it.
/// </remarks>
internal sealed class PoolWaiter(
    EventLoop loop, PoolOrigin origin, long number, bool mustBeNew, Action<PoolWaiter> onLate)
    : DeadlineTimer(loop)
{
    private ListLinks<PoolWaiter> _links;

    public PoolOrigin Origin { get; } = origin;

    /// <summary>Its place among all waiters; from 1.</summary>
    public long Number { get; } = number;

    /// <summary>True if it takes no idle connection, only a permit.</summary>
    public bool MustBeNew { get; } = mustBeNew;

    public bool IsWaiting { get; set; } = true;

    public Promise<PoolGrant> Outcome { get; } = new(loop);

    protected override void OnDue(TimeSpan due) => onLate(this);

    internal readonly struct Links : IListLinks<PoolWaiter>
    {
        public ref ListLinks<PoolWaiter> Of(PoolWaiter element) => ref element._links;
    }
}
