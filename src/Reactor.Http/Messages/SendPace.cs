namespace Reactor.Http;

/// <summary>
/// Whether a peer takes what it is sent, judged by what it acknowledges.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// The kernel takes megabytes for a peer that reads none. It reports no acknowledgement, so it is
/// asked every second while output waits.
/// </para>
/// <para>
/// A slow reader acknowledges in steps, whenever it has read most of a window (on loopback, Linux
/// 6.18: after 124 KiB, then every 106 KiB, a minute at 2 KB/s). So every acknowledged byte buys
/// time (<see cref="MinimumRate"/>). A peer is late when it has acknowledged nothing for
/// <see cref="ChannelLimits.SendIdleTimeout"/> and has no time left, or is behind the least rate by
/// such a pause. A peer at the least rate is never late if its system holds at most
/// <see cref="AheadBytesMax"/>.
/// </para>
/// </remarks>
internal sealed class SendPace(ChannelLimits limits)
{
    /// <summary>
    /// Bytes whose time a peer may have saved: the receive buffer of a new connection on Linux
    /// (<c>tcp_rmem</c>). More would excuse it for ever.
    /// </summary>
    public const int AheadBytesMax = 128 * 1024;

    /// <summary>Asking costs a system call.</summary>
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromSeconds(1);

    private readonly MinimumRate _rate = new(limits.BytesPerSecondMin, TimeSpan.Zero);
    private TimeSpan _lookedAt;
    private TimeSpan _silentSince;
    private long _acknowledged;
    private int _waits;

    public bool IsWaiting => _waits > 0;

    /// <summary>The background task that sends the rest.</summary>
    public LoopTask? Rest { get; set; }

    public void Begin(TimeSpan now, long acknowledged)
    {
        if (_waits++ > 0)
        {
            return;
        }

        // Time without a wait is no delay, but the peer has read meanwhile.
        Spend(now);
        if (_rate.IsOn)
        {
            _rate.Limit(TimeSpan.Zero, TimeSpan.MaxValue);
        }

        _silentSince = now;
        Acknowledge(acknowledged);
    }

    public void End() => _waits--;

    /// <summary>
    /// The time until the peer is late or must be asked again; late if not positive.
    /// </summary>
    public TimeSpan TimeLeft(TimeSpan now, long acknowledged)
    {
        Spend(now);
        if (acknowledged > _acknowledged)
        {
            _silentSince = now;
            Acknowledge(acknowledged);
        }

        TimeSpan pause = limits.SendIdleTimeout;
        if (pause == TimeSpan.MaxValue)
        {
            return s_lookInterval;
        }

        TimeSpan left = pause - (now - _silentSince);
        if (_rate.IsOn)
        {
            TimeSpan ahead = _rate.Left;
            left = left > ahead ? left : ahead;
            left = Earlier(left, ahead + pause);
        }

        return Earlier(left, s_lookInterval);
    }

    private void Spend(TimeSpan now)
    {
        _rate.Spend(now - _lookedAt);
        _lookedAt = now;
    }

    private void Acknowledge(long acknowledged)
    {
        if (_rate.IsOn && acknowledged > _acknowledged)
        {
            _rate.Count(Math.Min(acknowledged - _acknowledged, AheadBytesMax));
            _rate.Limit(TimeSpan.MinValue, _rate.TimeOf(AheadBytesMax));
        }

        _acknowledged = Math.Max(acknowledged, _acknowledged);
    }

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
