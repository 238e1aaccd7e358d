namespace Reactor.Tools.Loadgen;

/// <summary>
/// A token bucket of one token: at most <paramref name="perSecond"/> requests a second are served,
/// in the order in which they ask. A server with this limit has a known capacity and a queue.
/// One thread at a time; pure.
/// </summary>
/// <remarks>
/// A busy period begins when a token is there. Its n-th request is served n intervals later, a
/// closed form, so that no rounding error accumulates.
/// </remarks>
internal sealed class TokenBucket(double perSecond)
{
    private TimeSpan _begin;
    private long _taken;

    /// <summary>
    /// Takes the next token.
    /// </summary>
    /// <param name="now">The instant of the request; not before that of the last.</param>
    /// <returns>The instant at which the token is there, rounded up to a tick.</returns>
    public TimeSpan Take(TimeSpan now)
    {
        TimeSpan next = _begin + TimeSpan.FromTicks(
            (long)Math.Ceiling(_taken * (TimeSpan.TicksPerSecond / perSecond)));
        if (_taken == 0 || next <= now)
        {
            (_begin, _taken, next) = (now, 0, now);
        }

        _taken++;
        return next;
    }
}
