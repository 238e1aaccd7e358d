namespace Reactor.Http;

/// <summary>
/// The deadline of a read of one body, and the least rate of its peer. Only waits for the peer
/// count, not waits for the handler or for memory.
/// </summary>
/// <remarks>
/// <para>Loop thread only. Reused for each request.</para>
/// <para>
/// A surplus over the rate is saved for at most <see cref="ChannelLimits.BodyIdleTimeout"/>, and
/// <see cref="ChannelLimits.RateGrace"/> while other bodies wait for memory: after a fast start a
/// peer must not trickle for an hour.
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
                TimeSpan.MinValue, isHurried || left < limits.RateGrace ? limits.RateGrace : left);
            left = _rate.Left < left ? _rate.Left : left;
        }

        channel.SetDeadline(DeadlineKind.Body, channel.Loop.MomentAfter(left));
    }

    /// <summary>Others wait for memory: the peer may get less time, but never more.</summary>
    public void Hurry()
    {
        if (IsWaiting)
        {
            TimeSpan due = loan.Channel.DueOf(DeadlineKind.Body);
            End();
            Begin(isHurried: true);
            if (due < loan.Channel.DueOf(DeadlineKind.Body))
            {
                loan.Channel.SetDeadline(DeadlineKind.Body, due);
            }
        }
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
