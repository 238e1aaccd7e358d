namespace Reactor.Tools.Loadgen;

/// <summary>
/// What a worker does every 10 ms of the window: the loop's lag, the rate of responses each 100 ms
/// (wrk's Req/Sec), and the number of connections of a closed loop with stages. Loop thread only.
/// </summary>
/// <remarks>
/// Ticks are due at multiples from the start, so that delays do not accumulate. A late tick counts
/// once for each that was due; a rate uses the actual elapsed time.
/// </remarks>
internal sealed class Ticker(Worker worker) : DeadlineTimer(worker.Loop)
{
    private const int TicksPerRate = 10;

    /// <summary>Rates that fit without an allocation: those of ten minutes.</summary>
    private const int RatesPrepared = 6000;

    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(10);

    private readonly List<double> _rates = new(RatesPrepared);
    private TimeSpan _next;
    private TimeSpan _lastAt;
    private long _lastResponses;
    private int _ticks;

    /// <summary>The samples so far, in responses per second.</summary>
    public IReadOnlyList<double> Rates => _rates;

    /// <summary>Begins at the start of the window.</summary>
    public void Start(TimeSpan start)
    {
        (_lastAt, _lastResponses) = (worker.Now, worker.Record.Responses);
        _next = start + s_tick;
        Set(_next);
    }

    /// <summary>Ends; a window shorter than a rate's interval is one sample.</summary>
    public void Stop()
    {
        Disarm();
        if (_rates.Count == 0)
        {
            TakeRate(worker.Now);
        }
    }

    /// <inheritdoc/>
    protected override void OnDue(TimeSpan due)
    {
        TimeSpan now = worker.Now;
        bool isRateDue = false;
        do
        {
            TimeSpan late = now > _next ? now - _next : TimeSpan.Zero;
            worker.Record.Times.LoopLag.Record(late.Ticks * TimeSpan.NanosecondsPerTick);
            isRateDue |= ++_ticks % TicksPerRate == 0;
            _next += s_tick;
        }
        while (_next <= now);
        if (isRateDue)
        {
            TakeRate(now);
        }

        worker.FollowStages(now);
        Set(_next);
    }

    private void TakeRate(TimeSpan now)
    {
        long responses = worker.Record.Responses;
        if (now > _lastAt)
        {
            _rates.Add((responses - _lastResponses) / (now - _lastAt).TotalSeconds);
        }

        (_lastAt, _lastResponses) = (now, responses);
    }
}
