using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Sums the events of a trace in spans of equal length: the time outside polls, the number of
/// events, and slow works. Keeps the newest spans. One thread.
/// </summary>
/// <param name="spanNs">The length of a span in nanoseconds.</param>
/// <param name="spansMax">How many spans are kept.</param>
internal sealed class Activity(long spanNs, int spansMax)
{
    private readonly Span[] _spans = new Span[spansMax];
    private long _newest;
    private long _events;
    private long _now;
    private bool _isWorking;

    /// <summary>The number of spans that have ended.</summary>
    public long Whole => _newest;

    public void Add(in TraceEvent one)
    {
        Advance(one.Time);
        ref Span span = ref _spans[_newest % spansMax];
        span.Events++;
        _events++;
        switch (one.Kind)
        {
            case TraceEventKind.PollBegan:
                _isWorking = false;
                break;
            case TraceEventKind.PollEnded or TraceEventKind.TurnBegan:
                _isWorking = true;
                break;
            case TraceEventKind.Slow:
                span.SlowEvent = span.Slow++ == 0 ? _events : span.SlowEvent;
                break;
        }
    }

    /// <summary>Time has passed, also without an event.</summary>
    public void Advance(long timeNs)
    {
        while (timeNs >= (_newest + 1) * spanNs)
        {
            AddTime(((_newest + 1) * spanNs) - _now);
            _now = (_newest + 1) * spanNs;
            if (timeNs - _now > spanNs * spansMax)
            {
                Skip(timeNs);
            }

            _newest++;
            _spans[_newest % spansMax] = default;
        }

        AddTime(timeNs - _now);
        _now = Math.Max(_now, timeNs);
    }

    /// <summary>The spans, oldest first; the newest may be incomplete.</summary>
    /// <param name="count">The number of spans; those before the begin are empty.</param>
    public SpanView[] Read(int count)
    {
        var views = new SpanView[count];
        for (int i = 0; i < count; i++)
        {
            long index = _newest - count + 1 + i;
            Span span = index < 0 || count - i > spansMax ? default : _spans[index % spansMax];
            views[i] = new SpanView(
                Math.Round(Math.Clamp((double)span.WorkNs / spanNs, 0, 1), 4), span.Events,
                span.Slow, span.SlowEvent);
        }

        return views;
    }

    // A loop that slept for longer than all spans: they are all alike.
    private void Skip(long timeNs)
    {
        _newest = (timeNs / spanNs) - spansMax;
        _now = (_newest + 1) * spanNs;
        Array.Fill(_spans, new Span { WorkNs = _isWorking ? spanNs : 0 });
    }

    private void AddTime(long ns)
    {
        if (_isWorking && ns > 0)
        {
            _spans[_newest % spansMax].WorkNs += ns;
        }
    }

    private struct Span
    {
        public long WorkNs;
        public long Events;
        public int Slow;
        public long SlowEvent;
    }
}
