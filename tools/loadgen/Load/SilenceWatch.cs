namespace Reactor.Tools.Loadgen;

/// <summary>
/// The longest time of the window without a response while a request waited for one. Loop thread
/// only.
/// </summary>
/// <remarks>
/// A failure does not end a silence: a server that hangs is silent across time-outs and new
/// attempts. Time in which no request waits is no silence.
/// </remarks>
internal sealed class SilenceWatch(TimeSpan windowStart)
{
    private TimeSpan _windowEnd = TimeSpan.MaxValue;
    private TimeSpan _since;
    private TimeSpan _longest;
    private TimeSpan _longestSince;
    private bool _hasFailed;

    /// <summary>The longest so far, from the start of the window.</summary>
    public Silence Longest => _longest > TimeSpan.Zero
        ? new Silence(_longestSince - windowStart, _longest)
        : default;

    /// <summary>The window ends; what the drain waits for is no silence of it.</summary>
    public void Close(TimeSpan now) => _windowEnd = now;

    /// <summary>A request waits after a time in which none did.</summary>
    public void OnWaiting(TimeSpan now)
    {
        if (!_hasFailed)
        {
            _since = now;
        }
    }

    /// <summary>A response is complete.</summary>
    public void OnResponse(TimeSpan now)
    {
        Note(now);
        _since = now;
        _hasFailed = false;
    }

    /// <summary>A request failed, or the run ended with requests that wait.</summary>
    public void OnFailure(TimeSpan now)
    {
        Note(now);
        _hasFailed = true;
    }

    private void Note(TimeSpan now)
    {
        TimeSpan since = _since > windowStart ? _since : windowStart;
        TimeSpan until = now < _windowEnd ? now : _windowEnd;
        if (until - since > _longest)
        {
            (_longest, _longestSince) = (until - since, since);
        }
    }
}
