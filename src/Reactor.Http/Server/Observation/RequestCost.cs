namespace Reactor.Http;

/// <summary>
/// The loop time of one request: the steps of its connection's task from its first byte on, and
/// those of the tasks that its handler has created. It also charges the route.
/// </summary>
/// <remarks>
/// Loop thread only. Attached to the connection's task from the begin until the step in which the
/// request ended is over, so that the route also pays for the sending. Pooled, unless a task of the
/// handler may still be charged.
/// </remarks>
internal sealed class RequestCost : LoopAccount
{
    private RouteCost? _route;
    private Trampoline? _task;
    private CostMeter? _meter;
    private bool _isEnded;
    private bool _isTold;

    public TimeSpan BegunAt { get; private set; }

    public bool HasRoute { get; private set; }

    /// <summary>True if the program asked for this measuring, false for a listener only.</summary>
    public bool IsForProgram => _meter!.IsProgram;

    private long Ticks { get; set; }

    private long LongestTicks { get; set; }

    public void Begin(CostMeter meter, Trampoline task, TimeSpan begunAt)
    {
        _meter = meter;
        _task = task;
        BegunAt = begunAt;
        Ticks = 0;
        LongestTicks = 0;
        _route = null;
        HasRoute = false;
        _isEnded = false;
        _isTold = false;
    }

    /// <summary>The route is known: if the program asks, it pays for the head, too.</summary>
    public void SetRoute(RouteCost route)
    {
        HasRoute = true;
        if (!IsForProgram)
        {
            return; // the sums are the program's: the same without the listener
        }

        _route = route;
        route.Count();
        route.Add(Ticks, LongestTicks);
    }

    public override void Charge(long ticks, TaskStep? step)
    {
        Ticks += ticks;
        LongestTicks = Math.Max(LongestTicks, ticks);
        _route?.Add(ticks, ticks);
        if (_isEnded && _task is not null && ReferenceEquals(step, _task))
        {
            _task.Account = null;
            _task = null;
            TryReturn();
        }
    }

    /// <summary>The times until a moment, the present step included.</summary>
    public RequestTimes TimesAt(TimeSpan now)
    {
        long running = _meter!.RunningTicks(this, now);
        var loop = new TimeSpan(Ticks + running);
        var longest = new TimeSpan(Math.Max(LongestTicks, running));
        TimeSpan wait = now - BegunAt - loop;
        return new RequestTimes(loop, longest, wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
    }

    public RequestTimes TimesNow() => TimesAt(_meter!.Read());

    /// <summary>The response is written.</summary>
    public void End() => _isEnded = true;

    /// <summary>The record was told: the times are not read any more.</summary>
    public void OnTold()
    {
        _isTold = true;
        TryReturn();
    }

    private void TryReturn()
    {
        if (_isTold && _task is null && !IsShared)
        {
            _meter!.Return(this);
        }
    }
}

/// <summary>What a request has cost so far.</summary>
/// <param name="Loop">The time of its steps on the loop thread.</param>
/// <param name="Longest">The longest step.</param>
/// <param name="Wait">The rest of the time since its begin.</param>
internal readonly record struct RequestTimes(TimeSpan Loop, TimeSpan Longest, TimeSpan Wait);
