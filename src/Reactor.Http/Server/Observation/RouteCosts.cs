using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The costs of one server by route and method. Bounded: an application has finitely many routes, a
/// method without a name of its own counts as <c>_OTHER</c>, and what no route matched is one
/// entry for each method.
/// </summary>
/// <remarks>The loop thread adds; any thread reads or resets.</remarks>
internal sealed class RouteCosts
{
    private static readonly object s_noRoute = new();

    private readonly Dictionary<(object Route, KnownMethod Method), RouteCost> _byRoute = [];
    private volatile RouteCost[] _all = [];
    private (object? Route, KnownMethod Method, RouteCost? Cost) _last;
    private LoopCosts? _loop;
    private long _activeBefore;

    /// <summary>All entries, in the order of their first requests. Any thread.</summary>
    public IReadOnlyList<RouteCost> All => _all;

    /// <summary>The loop, once it measures for the program. Any thread.</summary>
    public LoopCosts? Loop => Volatile.Read(ref _loop);

    /// <summary>The active time of the loop since the begin or the reset. Any thread.</summary>
    public long ActiveTicks => (Loop?.TotalTicks ?? 0) - Volatile.Read(ref _activeBefore);

    /// <summary>Finds or makes an entry.</summary>
    /// <param name="key">Stands for the route: the same object for each of its requests.</param>
    /// <param name="pattern">The route's pattern; null if none matched.</param>
    /// <param name="method">The method of the request.</param>
    public RouteCost Of(object key, string? pattern, KnownMethod method)
    {
        key = pattern is null ? s_noRoute : key;
        if (ReferenceEquals(_last.Route, key) && _last.Method == method)
        {
            return _last.Cost!;
        }

        if (!_byRoute.TryGetValue((key, method), out RouteCost? cost))
        {
            cost = new RouteCost(HttpMethodName.Of(method), pattern);
            _byRoute.Add((key, method), cost);
            _all = [.. _all, cost];
        }

        _last = (key, method, cost);
        return cost;
    }

    public void OnMeasured(LoopCosts loop)
    {
        if (_loop is null)
        {
            Volatile.Write(ref _activeBefore, loop.TotalTicks); // the sums begin here, too
        }

        Volatile.Write(ref _loop, loop);
    }

    /// <summary>Any thread, one at a time.</summary>
    public void Reset()
    {
        Volatile.Write(ref _activeBefore, Loop?.TotalTicks ?? 0);
        foreach (RouteCost cost in _all)
        {
            cost.Reset();
        }
    }
}
