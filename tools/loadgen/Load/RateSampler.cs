namespace Reactor.Tools.Loadgen;

/// <summary>
/// The rate of responses, sampled every 100 ms like wrk's Req/Sec row. Sample times are multiples
/// of the interval, so that delays do not accumulate; each rate uses the actual elapsed time. Loop
/// thread only.
/// </summary>
internal sealed class RateSampler(EventLoop loop, Measurement measurement)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private readonly List<double> _rates = [];
    private TimerHandle? _timer;
    private TimeSpan _begun;
    private TimeSpan _last;
    private long _lastResponses;
    private int _number;

    /// <summary>The samples so far, in responses per second.</summary>
    public IReadOnlyList<double> Rates => _rates;

    public void Start()
    {
        _begun = _last = measurement.Now;
        _lastResponses = measurement.Responses;
        Arm();
    }

    /// <summary>Stops sampling; a run shorter than an interval is one sample.</summary>
    public void Stop()
    {
        _timer?.Cancel();
        if (_rates.Count == 0)
        {
            Take();
        }
    }

    private void Arm() => _timer = loop.CallAt(
        _begun + (s_interval * ++_number),
        static sampler =>
        {
            sampler.Take();
            sampler.Arm();
        },
        this);

    private void Take()
    {
        TimeSpan now = measurement.Now;
        if (now > _last)
        {
            _rates.Add((measurement.Responses - _lastResponses) / (now - _last).TotalSeconds);
        }

        (_last, _lastResponses) = (now, measurement.Responses);
    }
}
