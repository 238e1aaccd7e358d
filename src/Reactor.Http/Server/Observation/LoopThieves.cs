namespace Reactor.Http;

/// <summary>
/// Which routes hold the loop: while one runs, no other request is served. Measured from the first
/// use of <see cref="Application.Thieves"/> on, or from the begin if an access log, <see
/// cref="HttpServerOptions.DevMode"/> or <see cref="HttpServerLog.MeasuresLoopTime"/> has the
/// server measure.
/// </summary>
/// <remarks>
/// Any thread. Of all servers that the application was made into. Bounded: one entry for each route
/// and known method, and one for each known method without a route.
/// </remarks>
public sealed class LoopThieves
{
    private readonly Lock _lock = new();
    private readonly List<RouteCosts> _servers = [];
    private volatile bool _isAsked;

    internal LoopThieves()
    {
    }

    /// <summary>
    /// The time that the loops were active, not waiting for I/O, since the measuring began or was
    /// reset. What no route has taken was spent outside of requests: in accepting connections, in
    /// callbacks, and in tasks that no handler created.
    /// </summary>
    public TimeSpan Active
    {
        get
        {
            lock (_lock)
            {
                return new TimeSpan(SumActive());
            }
        }
    }

    /// <summary>True once the program wants to know.</summary>
    internal bool IsAsked => _isAsked;

    /// <summary>The routes with the most loop time, the first the worst.</summary>
    /// <param name="count">The greatest number of entries.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public IReadOnlyList<RouteLoopTime> Top(int count = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        lock (_lock)
        {
            double active = Math.Max(1, SumActive());
            return
            [
                .. _servers.SelectMany(server => server.All)
                    .GroupBy(cost => (cost.Method, cost.Route))
                    .Select(same => Sum(same.Key.Method, same.Key.Route, [.. same], active))
                    .Where(sum => sum.Requests > 0 || sum.LoopTime > TimeSpan.Zero)
                    .OrderByDescending(sum => sum.LoopTime)
                    .ThenBy(sum => sum.Route, StringComparer.Ordinal)
                    .ThenBy(sum => sum.Method, StringComparer.Ordinal)
                    .Take(count),
            ];
        }
    }

    /// <summary>Begins all sums anew.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _servers.ForEach(server => server.Reset());
        }
    }

    internal LoopThieves Ask()
    {
        _isAsked = true;
        return this;
    }

    internal void Add(RouteCosts server)
    {
        lock (_lock)
        {
            _servers.Add(server);
        }
    }

    private static RouteLoopTime Sum(
        string method, string? route, RouteCost[] costs, double active)
    {
        long ticks = costs.Sum(cost => cost.Ticks);
        return new RouteLoopTime
        {
            Method = method,
            Route = route,
            LoopTime = new TimeSpan(ticks),
            Requests = costs.Sum(cost => cost.Requests),
            LongestStep = new TimeSpan(costs.Max(cost => cost.LongestTicks)),
            Share = Math.Min(1, ticks / active),
        };
    }

    // Two servers of one loop count its time once.
    private long SumActive() => _servers
        .Where(server => server.Loop is not null)
        .GroupBy(server => server.Loop)
        .Sum(ofLoop => ofLoop.Max(server => server.ActiveTicks));
}

/// <summary>The loop time of one route and method; see <see cref="LoopThieves.Top"/>.</summary>
/// <remarks>Immutable; any thread.</remarks>
public sealed record RouteLoopTime
{
    /// <summary>The method of the requests, or <c>_OTHER</c> for one without a name.</summary>
    public string Method { get; init; } = "";

    /// <summary>The route's pattern; null for requests that no route matched.</summary>
    public string? Route { get; init; }

    /// <summary>The time for which its requests held the loop thread.</summary>
    public TimeSpan LoopTime { get; init; }

    /// <summary>The number of requests.</summary>
    public long Requests { get; init; }

    /// <summary>The longest time for which it held the loop without a break.</summary>
    public TimeSpan LongestStep { get; init; }

    /// <summary>Its part of <see cref="LoopThieves.Active"/>, 0 to 1.</summary>
    public double Share { get; init; }
}
