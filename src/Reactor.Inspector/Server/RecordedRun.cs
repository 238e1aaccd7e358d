using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>The unit of a step in a recording.</summary>
internal enum TraceStep
{
    /// <summary>One event.</summary>
    Event,

    /// <summary>To the next begin of a callback or of a step of a task.</summary>
    Callback,

    /// <summary>To the next begin of a turn.</summary>
    Turn,

    /// <summary>To the next work that was too slow.</summary>
    Slow,
}

/// <summary>
/// A recording that can be shown at any event: position n is the state after n events. One thread.
/// </summary>
internal sealed class RecordedRun
{
    private const int SpansMax = 500;
    private const int ShownEvents = 60;

    private readonly LoopTrace _trace;
    private readonly LoopClock _clock;
    private TimelineView? _timeline;

    public RecordedRun(LoopTrace trace)
    {
        _trace = trace;
        _clock = new LoopClock(trace.Events);
        Session = SessionViews.Of(trace.Info);
    }

    public LoopTrace Trace => _trace;

    public SessionView Session { get; }

    /// <summary>The number of events: the last position.</summary>
    public int Count => _trace.Count;

    /// <summary>The last position at or before a time.</summary>
    public long EventAt(long timeNs) =>
        timeNs >= _trace.Duration ? Count : _trace.PositionOf(timeNs + 1);

    /// <summary>The position after some steps, back if the count is negative.</summary>
    public long Step(long from, TraceStep by, long count)
    {
        long at = Math.Clamp(from, 0, Count);
        long steps = Math.Clamp(count, -Count, Count);
        if (by == TraceStep.Event)
        {
            return Math.Clamp(at + steps, 0, Count);
        }

        int direction = Math.Sign(steps);
        for (long left = Math.Abs(steps); left > 0; left--)
        {
            do
            {
                at += direction;
            }
            while (at > 0 && at < Count && !Begins(by, _trace.Events[(int)at - 1].Kind));
            if (at <= 0 || at >= Count)
            {
                break;
            }
        }

        return Math.Clamp(at, 0, Count);
    }

    public StateView StateAt(long position)
    {
        int at = (int)Math.Clamp(position, 0, Count);
        TraceState state = _trace.StateAt(at);
        int first = Math.Max(0, at - ShownEvents);
        TraceState before = _trace.StateAt(first);
        var reader = new StateReader(
            state, _trace.Names, state.Time, _clock.LeadAt(at),
            id => before.TryGetTask(id, out TraceTask task) ? task.Name : 0);
        return reader.Read(_trace.Events[first..at], first + 1) with
        {
            Mode = "recorded",
            Moment = new MomentView(at, Count, state.Time, _trace.Duration),
        };
    }

    public TimelineView Timeline()
    {
        if (_timeline is null)
        {
            long spanNs = (_trace.Duration / SpansMax) + 1;
            var activity = new Activity(spanNs, SpansMax);
            foreach (ref readonly TraceEvent one in _trace.Events)
            {
                activity.Add(one);
            }

            activity.Advance((spanNs * SpansMax) - 1);
            _timeline = new TimelineView(activity.Read(SpansMax));
        }

        return _timeline;
    }

    private static bool Begins(TraceStep by, TraceEventKind kind) => by switch
    {
        TraceStep.Turn => kind == TraceEventKind.TurnBegan,
        TraceStep.Slow => kind == TraceEventKind.Slow,
        _ => kind is TraceEventKind.CallbackBegan or TraceEventKind.StepBegan,
    };
}
