namespace Reactor.Recording;

/// <summary>
/// The messages that threads have posted to a loop and its reader has not taken: the only events
/// that are not written on the loop's thread. Bounded; a full list drops and counts. Any thread.
/// </summary>
internal sealed class PostedMessages(int capacity)
{
    private readonly Lock _lock = new();
    private readonly List<TraceEvent> _posted = [];
    private long _dropped;

    public void Add(in TraceEvent posted)
    {
        lock (_lock)
        {
            if (_posted.Count < capacity)
            {
                _posted.Add(posted);
            }
            else
            {
                _dropped++;
            }
        }
    }

    /// <summary>Moves the messages into a list, and returns how many were dropped.</summary>
    public long DrainTo(List<TraceEvent> target)
    {
        lock (_lock)
        {
            target.AddRange(_posted);
            _posted.Clear();
            long dropped = _dropped;
            _dropped = 0;
            return dropped;
        }
    }
}
