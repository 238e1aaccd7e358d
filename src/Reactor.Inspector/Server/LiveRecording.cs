using System.Runtime.InteropServices;
using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Collects the events of the next seconds of a live loop, behind events that lead to the state at
/// its begin. Ends at its time or at its bound. The inspector's loop only.
/// </summary>
internal sealed class LiveRecording
{
    private readonly List<TraceEvent> _events = [];
    private readonly long _beginNs;
    private readonly int _eventsMax;

    /// <param name="state">The state at the begin.</param>
    /// <param name="beginNs">The begin, in ns of the trace.</param>
    /// <param name="length">The length.</param>
    /// <param name="eventsMax">The maximum number of events.</param>
    public LiveRecording(TraceState state, long beginNs, TimeSpan length, int eventsMax)
    {
        _beginNs = beginNs;
        _eventsMax = eventsMax;
        EndNs = beginNs + (length.Ticks * TimeSpan.NanosecondsPerTick);
        state.Restate(_events);
        foreach (ref TraceEvent one in CollectionsMarshal.AsSpan(_events))
        {
            one = one with { Time = 0 };
        }
    }

    /// <summary>The end, in ns of the trace.</summary>
    public long EndNs { get; private set; }

    /// <summary>The events; their times are from the begin on.</summary>
    public IReadOnlyList<TraceEvent> Events => _events;

    /// <summary>Adds the events until the end.</summary>
    public void Add(ReadOnlySpan<TraceEvent> events)
    {
        foreach (ref readonly TraceEvent one in events)
        {
            if (one.Time >= EndNs)
            {
                return;
            }

            if (_events.Count >= _eventsMax)
            {
                EndNs = one.Time;
                return;
            }

            _events.Add(one with { Time = Math.Max(0, one.Time - _beginNs) });
        }
    }
}
