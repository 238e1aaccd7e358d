namespace Reactor.Http;

/// <summary>
/// How long a read waits for the body of one request: the deadline of the body, and whether the
/// peer keeps the least rate. Only waits for the peer count, not the time in which the handler does
/// not read or the body waits for memory.
/// </summary>
/// <remarks>
/// <para>Loop thread only. Reused for each request.</para>
/// <para>
/// The rate looks at the last seconds: what came beyond it is saved for
/// <see cref="ChannelLimits.BodyIdleTimeout"/> at most, and for
/// <see cref="ChannelLimits.RateGrace"/> while other bodies wait for memory. Measured over the
/// body's lifetime, a fast beginning would let the peer trickle for an hour.
/// </para>
/// </remarks>
internal sealed class BodyPace(ChannelLoan loan, ChannelLimits limits)
{
    private readonly MinimumRate _rate = new(limits.BytesPerSecondMin, limits.RateGrace);
    private TimeSpan _began;

    /// <summary>True while a read waits for the peer.</summary>
    public bool IsWaiting { get; private set; }

    public void Reset()
    {
        IsWaiting = false;
        _rate.Reset();
    }

    public void Count(long bytes) => _rate.Count(bytes);

    /// <summary>A read begins to wait; idempotent.</summary>
    /// <param name="isHurried">Whether other bodies wait for memory.</param>
    public void Begin(bool isHurried)
    {
        if (IsWaiting)
        {
            return;
        }

        IsWaiting = true;
        MessageChannel channel = loan.Channel;
        _began = channel.Loop.Time;
        TimeSpan left = limits.BodyIdleTimeout;
        if (_rate.IsOn)
        {
            _rate.Limit(
                TimeSpan.MinValue,
                isHurried || left < limits.RateGrace ? limits.RateGrace : left);
            left = _rate.Left < left ? _rate.Left : left;
        }

        channel.SetDeadline(DeadlineKind.Body, channel.Loop.MomentAfter(left));
    }

    public void End()
    {
        if (IsWaiting)
        {
            IsWaiting = false;
            _rate.Spend(loan.Channel.Loop.Time - _began);
            loan.Channel.ClearDeadline(DeadlineKind.Body);
        }
    }
}
