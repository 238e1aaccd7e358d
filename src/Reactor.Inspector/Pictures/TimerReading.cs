using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>How a timer ended, as far as the picture shows.</summary>
internal enum TimerEnd
{
    Armed,
    Fired,
    Cancelled,
}

/// <summary>
/// A timer: when it was armed, was due, and ended, in ns since the begin of the trace. Immutable;
/// any thread.
/// </summary>
internal sealed record TimerLife(long Id, int Name, long Armed)
{
    /// <summary>On the clock of the loop.</summary>
    public long LoopDue { get; init; }

    /// <summary>On the clock of the trace; null: unknown, because no timer fired.</summary>
    public long? Due { get; init; }

    /// <summary>The end of what is drawn.</summary>
    public long End { get; init; }

    public TimerEnd Outcome { get; init; }

    /// <summary>In ns, if it fired.</summary>
    public long Lateness { get; init; }
}

/// <summary>
/// The timers that were armed in a range. A timer that fired tells how the two clocks differ, which
/// gives the due times of the others; one thread at a time.
/// </summary>
internal sealed class TimerReading
{
    private readonly Dictionary<long, TimerLife> _armed = [];
    private readonly List<TimerLife> _ended = [];
    private long? _offset; // from the loop's clock to the trace's

    private TimerReading()
    {
    }

    /// <summary>The timers, in the order in which they were armed.</summary>
    public IReadOnlyList<TimerLife> Timers { get; private set; } = [];

    public static TimerReading Read(ReadOnlySpan<TraceEvent> events, TraceRange range)
    {
        var reading = new TimerReading();
        for (int i = 0; i < range.End; i++)
        {
            reading.Add(events[i], isShown: i >= range.First);
        }

        // Times of before the range are at its begin.
        reading.Timers = [.. reading._ended
            .Concat(reading._armed.Values.Select(timer => timer with { End = range.To }))
            .Select(timer => timer with
            {
                Armed = Math.Max(timer.Armed, range.From),
                Due = timer.Due ?? timer.LoopDue + reading._offset,
            })
            .OrderBy(timer => timer.Armed).ThenBy(timer => timer.Id)];
        return reading;
    }

    private void Add(in TraceEvent e, bool isShown)
    {
        switch (e.Kind)
        {
            case TraceEventKind.TimerArmed:
                _armed[e.Id] = new TimerLife(e.Id, e.Name, e.Time) { LoopDue = e.Value };
                break;
            case TraceEventKind.Dropped when e.Id == 0:
                _armed.Clear(); // they follow
                break;
            case TraceEventKind.TimerFired when _armed.Remove(e.Id, out TimerLife? timer):
                _offset = e.Time - e.Value - timer.LoopDue;
                End(timer with
                {
                    Outcome = TimerEnd.Fired,
                    Due = e.Time - e.Value,
                    Lateness = e.Value,
                    End = e.Time,
                });
                break;
            case TraceEventKind.TimerCancelled when _armed.Remove(e.Id, out TimerLife? timer):
                End(timer with { Outcome = TimerEnd.Cancelled, End = e.Time });
                break;
        }

        void End(TimerLife timer)
        {
            if (isShown)
            {
                _ended.Add(timer);
            }
        }
    }
}
