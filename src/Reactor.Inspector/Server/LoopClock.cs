using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// How far the loop's clock is ahead of the clock of a trace, at each position: timers are due on
/// the one, events have times of the other. A virtual clock jumps, and others drift. Immutable; any
/// thread.
/// </summary>
internal sealed class LoopClock
{
    /// <summary>A smaller difference is not seen; bounds what is kept for a real clock.</summary>
    private const long ChangeNs = 100_000;

    private readonly List<int> _positions = [];
    private readonly List<long> _leads = [];

    public LoopClock(ReadOnlySpan<TraceEvent> events)
    {
        var due = new Dictionary<long, long>();
        for (int i = 0; i < events.Length; i++)
        {
            TraceEvent one = events[i];
            switch (one.Kind)
            {
                case TraceEventKind.TimerArmed:
                    due[one.Id] = one.Value;
                    break;
                case TraceEventKind.TimerCancelled:
                    due.Remove(one.Id);
                    break;
                case TraceEventKind.TimerFired when due.Remove(one.Id, out long when):
                    Add(i + 1, when + one.Value - one.Time);
                    break;
                case TraceEventKind.PollBegan
                    when one.Value > 0 && due.Count > 0 && _leads.Count == 0:
                    // The wait ends with the earliest timer.
                    Add(i + 1, due.Values.Min() - one.Value - one.Time);
                    break;
            }
        }
    }

    /// <summary>The lead in ns; null if no timer of the trace shows it.</summary>
    public long? LeadAt(int position)
    {
        int found = _positions.BinarySearch(position);
        int at = found >= 0 ? found : ~found - 1;
        return _leads.Count == 0 ? null : _leads[Math.Max(0, at)];
    }

    private void Add(int position, long lead)
    {
        if (_leads.Count == 0 || Math.Abs(_leads[^1] - lead) > ChangeNs)
        {
            _positions.Add(position);
            _leads.Add(lead);
        }
    }
}
