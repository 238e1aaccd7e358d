using System.Diagnostics;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// When the requests in flight on one connection were sent, oldest first: responses come in that
/// order (RFC 9112 9.3.2). A ring as large as the pipeline is deep. Loop thread only.
/// </summary>
internal sealed class SendTimes(int depth)
{
    private readonly TimeSpan[] _times = new TimeSpan[depth];
    private int _oldest;

    /// <summary>Requests in flight.</summary>
    public int Count { get; private set; }

    /// <summary>When the oldest was sent.</summary>
    public TimeSpan Oldest
    {
        get
        {
            Debug.Assert(Count > 0, "only what is in flight has a send time");
            return _times[_oldest];
        }
    }

    public void Add(TimeSpan sentAt)
    {
        Debug.Assert(Count < _times.Length, "the pipeline is no deeper than it was asked to be");
        int place = _oldest + Count++;
        _times[place < _times.Length ? place : place - _times.Length] = sentAt;
    }

    public TimeSpan TakeOldest()
    {
        TimeSpan sentAt = Oldest;
        Count--;
        _oldest = _oldest + 1 < _times.Length ? _oldest + 1 : 0;
        return sentAt;
    }
}
