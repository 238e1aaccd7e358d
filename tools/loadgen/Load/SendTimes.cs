using System.Diagnostics;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The send times of the requests in flight on one connection, oldest first, which is the order of
/// the responses (RFC 9112 9.3.2). A ring of the pipeline's depth. Loop thread only.
/// </summary>
internal sealed class SendTimes(int depth)
{
    private readonly TimeSpan[] _times = new TimeSpan[depth];
    private int _oldest;

    /// <summary>Requests in flight.</summary>
    public int Count { get; private set; }

    /// <summary>Send time of the oldest request.</summary>
    public TimeSpan Oldest
    {
        get
        {
            Debug.Assert(Count > 0, "only requests in flight have a send time");
            return _times[_oldest];
        }
    }

    public void Add(TimeSpan sentAt)
    {
        Debug.Assert(Count < _times.Length, "the pipeline has its maximum depth");
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
