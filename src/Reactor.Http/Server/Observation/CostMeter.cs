namespace Reactor.Http;

/// <summary>
/// Measures the requests of one server on its loop, for the program (access log, Server-Timing,
/// <see cref="LoopThieves"/>) or for the listener of a metric; see <see cref="LoopCosts"/>.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class CostMeter
{
    /// <summary>What a block of the smallest pipelined requests needs.</summary>
    private const int KeptMax = 1024;

    private readonly CoroutineScheduler _loop;
    private readonly LoopCosts _costs;
    private readonly Stack<RequestCost> _kept = new();

    public CostMeter(EventLoop loop, RouteCosts routes, bool isProgram)
    {
        _loop = loop;
        _costs = loop.OpenCosts();
        IsProgram = isProgram;
        _costs.Begin(isProgram);
        if (isProgram)
        {
            routes.OnMeasured(_costs);
        }
    }

    /// <summary>True if the program asks, false for a listener only.</summary>
    public bool IsProgram { get; }

    /// <summary>
    /// A request begins in the present step; null if that is of no task. The first in a step begins
    /// with it. If the step has served another request, the clock is read once between them.
    /// </summary>
    public RequestCost? Begin()
    {
        if (_loop.RunningStep is not Trampoline step)
        {
            return null;
        }

        if (step.Account is RequestCost last)
        {
            last.Charge(_costs.Take(IsProgram && last.IsForProgram), step);
        }

        RequestCost cost = _kept.TryPop(out RequestCost? kept) ? kept : new RequestCost();
        cost.Begin(this, step, _costs.Mark);
        step.Account = cost;
        return cost;
    }

    public void Return(RequestCost cost)
    {
        if (_kept.Count < KeptMax)
        {
            _kept.Push(cost);
        }
    }

    public TimeSpan Read() => _costs.Read();

    public long RunningTicks(LoopAccount account, TimeSpan now) =>
        _costs.RunningTicks(account, now);

    /// <summary>Ends the measuring; requests in progress get what was measured.</summary>
    public void End() => _costs.End(IsProgram);
}
