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
        ring.DrainTo(_ofLoop);
        long dropped = posted.DrainTo(_ofThreads);
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

        if (dropped > 0)
        {
            Add(target, new TraceEvent(TraceEventKind.Dropped, _last, 1, dropped));
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
