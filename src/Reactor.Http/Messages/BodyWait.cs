namespace Reactor.Http;

/// <summary>
/// How long the server has waited for the body of one request, and how much of it came: whether the
/// client keeps the least rate. Only the time counts in which a read waits for the client, not that
/// in which the handler does not read, or the body waits for memory.
/// </summary>
/// <remarks>
/// <para>Loop thread only. Reused for each request.</para>
/// <para>
/// The rate looks at the last seconds: what came beyond it is saved for
/// <see cref="HttpServerOptions.BodyIdleTimeout"/> at most, and for
/// <see cref="HttpServerOptions.RateGrace"/> while other bodies wait for memory. Measured over the
/// body's lifetime, a fast beginning would let the client trickle for an hour.
/// </para>
/// </remarks>
internal sealed class BodyWait
{
    private TimeSpan _began;
    private TimeSpan _waitedBefore;
    private long _bytes;

    /// <summary>When the client is late; the end of the clock: never.</summary>
    public TimeSpan Due { get; set; } = TimeSpan.MaxValue;

    public bool IsWaiting { get; private set; }

    /// <summary>A request begins: nothing of its body has come, or was waited for.</summary>
    public void BeginRequest()
    {
        Due = TimeSpan.MaxValue;
        IsWaiting = false;
        _waitedBefore = TimeSpan.Zero;
        _bytes = 0;
    }

    /// <summary>A read begins to wait; returns how long the client has to send more.</summary>
    /// <param name="now">On the loop's clock.</param>
    /// <param name="options">The rate, and how long it need not be kept.</param>
    /// <param name="isHurried">Whether other bodies wait for memory.</param>
    public TimeSpan Begin(TimeSpan now, HttpServerOptions options, bool isHurried)
    {
        IsWaiting = true;
        _began = now;
        TimeSpan left = options.TimeFor(_bytes) - _waitedBefore;
        TimeSpan ahead = isHurried || options.BodyIdleTimeout < options.RateGrace
            ? options.RateGrace
            : options.BodyIdleTimeout;
        if (options.BytesPerSecondMin > 0 && left > ahead)
        {
            _waitedBefore += left - ahead;
            left = ahead;
        }

        return left < options.BodyIdleTimeout ? left : options.BodyIdleTimeout;
    }

    /// <summary>The wait is over.</summary>
    public void End(TimeSpan now)
    {
        IsWaiting = false;
        _waitedBefore += now - _began;
    }

    /// <summary>Bytes of the body were taken.</summary>
    public void Count(long bytes) => _bytes += bytes;
}
