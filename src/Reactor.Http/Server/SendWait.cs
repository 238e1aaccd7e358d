namespace Reactor.Http;

/// <summary>
/// How long one answer has waited for its client, and how much of it the client took meanwhile:
/// whether it keeps the least rate, and since when it takes nothing. Made for a connection when it
/// first has to wait.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// What counts is what the client has acknowledged, not what the kernel has taken for it: a kernel
/// takes a hundred kilobytes for a client that reads none of them, and then nothing for minutes
/// from one that reads slowly but steadily. A client that takes bytes tells nobody but the kernel,
/// so that is asked every second while somebody waits, and only then.
/// </para>
/// </remarks>
internal sealed class SendWait
{
    /// <summary>Silence is known to a second; asking costs a system call.</summary>
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromSeconds(1);

    private TimeSpan _began;
    private TimeSpan _waitedBefore;
    private TimeSpan _silentSince;
    private long _takenBefore;
    private long _taken;
    private bool _hasBegun;

    /// <summary>When the client is late, or looked at again; the end of the clock: never.</summary>
    public TimeSpan Due { get; set; } = TimeSpan.MaxValue;

    /// <summary>Waits that go on; the clock runs while there is one.</summary>
    public int Count { get; private set; }

    /// <summary>Another answer begins; what is still waited for belongs to it too.</summary>
    public void BeginAnswer() => _hasBegun = Count > 0;

    /// <summary>Somebody begins to wait.</summary>
    /// <param name="now">On the loop's clock.</param>
    /// <param name="taken">Bytes that the client has taken since the connection began.</param>
    public void Begin(TimeSpan now, long taken)
    {
        if (Count++ > 0)
        {
            return;
        }

        if (!_hasBegun)
        {
            _hasBegun = true;
            _waitedBefore = TimeSpan.Zero;
            _takenBefore = taken;
        }

        _taken = taken;
        _began = now;
        _silentSince = now;
    }

    /// <summary>Somebody has waited long enough.</summary>
    public void End(TimeSpan now)
    {
        if (--Count == 0)
        {
            _waitedBefore += now - _began;
        }
    }

    /// <summary>
    /// How long the client has from now on until it must have taken more, or is looked at again;
    /// zero or less: it is late.
    /// </summary>
    public TimeSpan TimeLeft(TimeSpan now, long taken, HttpServerOptions options)
    {
        if (taken != _taken)
        {
            _taken = taken;
            _silentSince = now;
        }

        TimeSpan waited = _waitedBefore + (now - _began);
        TimeSpan rate = options.TimeFor(taken - _takenBefore) - waited;
        TimeSpan idle = options.SendIdleTimeout - (now - _silentSince);
        TimeSpan least = rate < idle ? rate : idle;
        return least < s_lookInterval ? least : s_lookInterval;
    }
}
