namespace Reactor.Http;

/// <summary>
/// How a client takes what it is sent, judged by what it has acknowledged: whether it has stopped,
/// or takes less than the least rate. Made for a connection when it first has to wait.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// What the kernel has taken says nothing: it takes megabytes for a client that reads none of them.
/// An acknowledgement is not reported to us, so the kernel is asked every second while something
/// waits, and only then.
/// </para>
/// <para>
/// A slow reader acknowledges in steps. Its system takes a window of bytes at once and opens the
/// window again when its program has read most of them: measured on loopback (Linux 6.18) after 124
/// KiB, then every 106 KiB, which is once a minute at 2 KB/s. Between two steps a reader that is
/// slow looks like one that has stopped. So every byte that is acknowledged buys the time that it
/// may take at the least rate. A client is reset when it has acknowledged nothing for
/// <see cref="HttpServerOptions.SendIdleTimeout"/> and that time is used up too, or when it has
/// fallen behind the least rate by as much as such a pause. A client that always reads at the least
/// rate or faster is never reset, as long as its system holds no more than
/// <see cref="AheadBytesMax"/> for it: what it has not read was acknowledged, and has bought at
/// least the time that it still needs.
/// </para>
/// </remarks>
internal sealed class SendWait
{
    /// <summary>
    /// Bytes whose time a client may have in hand: the receive buffer that Linux gives a new
    /// connection (<c>tcp_rmem</c>). What a faster client took earlier must not excuse it for ever.
    /// </summary>
    public const int AheadBytesMax = 128 * 1024;

    /// <summary>A step is known to a second; asking costs a system call.</summary>
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromSeconds(1);

    private TimeSpan _ahead;
    private TimeSpan _aheadAt;
    private TimeSpan _silentSince;
    private long _acknowledged;

    /// <summary>When the client is late, or looked at again; the end of the clock: never.</summary>
    public TimeSpan Due { get; set; } = TimeSpan.MaxValue;

    /// <summary>Waits that go on; the clock runs while there is one.</summary>
    public int Count { get; private set; }

    /// <summary>A wait for the client begins.</summary>
    /// <param name="now">On the loop's clock.</param>
    /// <param name="acknowledged">Bytes that it has acknowledged in all.</param>
    /// <param name="options">The limits.</param>
    public void Begin(TimeSpan now, long acknowledged, HttpServerOptions options)
    {
        if (Count++ > 0)
        {
            return;
        }

        // Time in which nothing waited is no delay, but what was ahead was read meanwhile.
        _ahead -= now - _aheadAt;
        _ahead = _ahead > TimeSpan.Zero ? _ahead : TimeSpan.Zero;
        _aheadAt = now;
        _silentSince = now;
        Acknowledge(acknowledged, options);
    }

    /// <summary>A wait ends: the client has taken what was waited for.</summary>
    public void End() => Count--;

    /// <summary>
    /// How long the client has from now on until it is late or must be looked at again; zero or
    /// less: it is late.
    /// </summary>
    public TimeSpan TimeLeft(TimeSpan now, long acknowledged, HttpServerOptions options)
    {
        _ahead -= now - _aheadAt;
        _aheadAt = now;
        if (acknowledged > _acknowledged)
        {
            _silentSince = now;
            Acknowledge(acknowledged, options);
        }

        TimeSpan pause = options.SendIdleTimeout;
        if (pause == TimeSpan.MaxValue)
        {
            return s_lookInterval;
        }

        TimeSpan left = pause - (now - _silentSince);
        if (options.BytesPerSecondMin > 0)
        {
            left = Later(left, _ahead);
            left = Earlier(left, _ahead + pause);
        }

        return Earlier(left, s_lookInterval);
    }

    private void Acknowledge(long acknowledged, HttpServerOptions options)
    {
        if (options.BytesPerSecondMin > 0 && acknowledged > _acknowledged)
        {
            double bytes = Math.Min(acknowledged - _acknowledged, AheadBytesMax);
            TimeSpan most = TimeSpan.FromSeconds((double)AheadBytesMax / options.BytesPerSecondMin);
            TimeSpan bought = TimeSpan.FromSeconds(bytes / options.BytesPerSecondMin);
            _ahead = Earlier(_ahead + bought, most);
        }

        _acknowledged = Math.Max(acknowledged, _acknowledged);
    }

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
