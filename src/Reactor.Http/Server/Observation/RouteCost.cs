namespace Reactor.Http;

/// <summary>What the requests of one route and method have cost one loop.</summary>
/// <remarks>
/// The loop thread adds; any thread reads, and may miss what is being written. A reset of another
/// thread moves the begin of the sums, so that the loop needs no lock.
/// </remarks>
internal sealed class RouteCost(string method, string? route)
{
    private long _ticks;
    private long _requests;
    private long _longest;
    private long _ticksBefore;
    private long _requestsBefore;

    /// <summary>A known method, or <c>_OTHER</c>.</summary>
    public string Method => method;

    /// <summary>The pattern; null for what no route matched.</summary>
    public string? Route => route;

    public long Ticks => Volatile.Read(ref _ticks) - Volatile.Read(ref _ticksBefore);

    public long Requests => Volatile.Read(ref _requests) - Volatile.Read(ref _requestsBefore);

    public long LongestTicks => Volatile.Read(ref _longest);

    public void Add(long ticks, long longest)
    {
        Volatile.Write(ref _ticks, _ticks + ticks);
        if (longest > _longest)
        {
            Volatile.Write(ref _longest, longest);
        }
    }

    public void Count() => Volatile.Write(ref _requests, _requests + 1);

    /// <summary>Any thread, one at a time.</summary>
    public void Reset()
    {
        Volatile.Write(ref _ticksBefore, Volatile.Read(ref _ticks));
        Volatile.Write(ref _requestsBefore, Volatile.Read(ref _requests));
        Volatile.Write(ref _longest, 0);
    }
}
