using System.Runtime.InteropServices;

namespace Reactor.Recording;

/// <summary>
/// Keeps the events of a part of a run, up to a bound; of what is before the part only the state
/// that it leads to. One thread at a time.
/// </summary>
internal sealed class TraceCollector(TracePart part)
{
    private readonly long _from = Nanoseconds(part.From) ?? 0;
    private readonly long _to = Nanoseconds(part.To) ?? long.MaxValue;
    private readonly List<TraceEvent> _events = [];
    private TraceState? _before = part.From is null ? null : new TraceState();
    private bool _isTooMuch;

    /// <summary>Adds the next events, and empties their list.</summary>
    public void Take(List<TraceEvent> next)
    {
        ReadOnlySpan<TraceEvent> events = CollectionsMarshal.AsSpan(next);
        int first = 0;
        for (; _before is not null && first < events.Length; first++)
        {
            if (events[first].Time >= _from)
            {
                Restate(_before);
                _before = null;
                break;
            }

            _before = TraceState.Reduce(_before, events[first]);
        }

        int end = events.Length;
        while (end > first && events[end - 1].Time > _to)
        {
            end--;
        }

        int room = part.EventsMax - _events.Count;
        _isTooMuch |= end - first > room;
        _events.AddRange(events[first..(first + Math.Clamp(end - first, 0, Math.Max(0, room)))]);
        next.Clear();
    }

    /// <summary>The events of the part.</summary>
    /// <exception cref="RecordingException">There are more than the bound.</exception>
    public IReadOnlyList<TraceEvent> Finish()
    {
        if (_isTooMuch)
        {
            throw new RecordingException(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"The recording has more than {part.EventsMax:N0} events, which is the bound in "
                + $"memory: read a part of it, from one time to another."));
        }

        if (_before is { } state)
        {
            Restate(state); // the part begins after the last event
        }

        return _events;
    }

    private void Restate(TraceState state)
    {
        state.Restate(_events);
        _isTooMuch |= _events.Count > part.EventsMax;
        foreach (ref TraceEvent one in CollectionsMarshal.AsSpan(_events))
        {
            one = one with { Time = _from };
        }
    }

    private static long? Nanoseconds(TimeSpan? time) =>
        time is { } given ? given.Ticks * TimeSpan.NanosecondsPerTick : null;
}
