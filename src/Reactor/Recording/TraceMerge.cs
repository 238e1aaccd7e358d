using System.Runtime.InteropServices;

namespace Reactor.Recording;

/// <summary>
/// The reader's side of a trace: joins the events of the loop's thread and the messages of other
/// threads in order of time. One thread at a time.
/// </summary>
internal sealed class TraceMerge(TraceRing ring, PostedMessages posted)
{
    private readonly List<TraceEvent> _ofLoop = [];
    private readonly List<TraceEvent> _ofThreads = [];
    private long _last;

    public void DrainTo(List<TraceEvent> target)
    {
        // In this order: a message is posted before the loop receives it.
        int before = target.Count;
        ring.DrainTo(target);
        long dropped = posted.DrainTo(_ofThreads);
        if (_ofThreads.Count == 0 && (target.Count == before || target[before].Time >= _last))
        {
            // Nearly always: the events of one thread are in order.
            _last = target.Count == before ? _last : target[^1].Time;
        }
        else
        {
            _ofLoop.AddRange(CollectionsMarshal.AsSpan(target)[before..]);
            CollectionsMarshal.SetCount(target, before);
            Merge(target);
        }

        if (dropped > 0)
        {
            Add(target, new TraceEvent(TraceEventKind.Dropped, _last, 1, dropped));
        }
    }

    private void Merge(List<TraceEvent> target)
    {
        _ofThreads.Sort(static (a, b) => (a.Time, a.Id).CompareTo((b.Time, b.Id)));
        int next = 0;
        foreach (TraceEvent happened in _ofLoop)
        {
            while (next < _ofThreads.Count && _ofThreads[next].Time <= happened.Time)
            {
                Add(target, _ofThreads[next++]);
            }

            Add(target, happened);
        }

        while (next < _ofThreads.Count)
        {
            Add(target, _ofThreads[next++]);
        }

        _ofLoop.Clear();
        _ofThreads.Clear();
    }

    // A message that was taken now may be later than the next event of the loop.
    private void Add(List<TraceEvent> target, in TraceEvent happened)
    {
        _last = Math.Max(_last, happened.Time);
        target.Add(happened with { Time = _last });
    }
}
