using Reactor.Drivers;

namespace Reactor;

/// <summary>
/// The poll of a turn. If a poll is a system call, a turn that has work may skip it for a bounded
/// number of turns and time, except the first turn of a run. Loop thread only.
/// </summary>
internal sealed class PollPhase(LoopDriver driver, LoopMeter meter, EventLoopOptions options)
{
    private readonly bool _isCostly = driver.IsPollCostly;
    private int _skipsLeft; // 0 for ever, if a poll is cheap
    private TimeSpan _skipUntil;

    public void BeginRun() => _skipsLeft = 0;

    /// <summary>True if a turn that has work may skip the poll.</summary>
    /// <param name="now">The time, if true.</param>
    public bool TrySkip(out TimeSpan now)
    {
        now = default;
        if (_skipsLeft == 0 || (now = driver.Now) >= _skipUntil)
        {
            return false;
        }

        _skipsLeft--;
        return true;
    }

    /// <summary>Polls until the deadline; null: until I/O or a wake-up.</summary>
    /// <returns>The time afterwards; null if nothing had to read the clock.</returns>
    public TimeSpan? Poll(TimeSpan? deadline, InstrumentSet? instruments)
    {
        TimeSpan? after = null;
        if (deadline == TimeSpan.Zero)
        {
            // Two readings of the clock would cost more than a poll that cannot wait.
            instruments?.BeforeIoWait(TimeSpan.Zero);
            driver.Poll(deadline);
            instruments?.AfterIoWait(TimeSpan.Zero);
        }
        else
        {
            after = PollAndWait(deadline, instruments);
        }

        if (!_isCostly)
        {
            return after;
        }

        TimeSpan now = after ?? driver.Now;
        _skipsLeft = options.PollSkipsMax;
        _skipUntil = CoroutineScheduler.MomentAfter(now, options.PollSkipTimeMax);
        return now;
    }

    private TimeSpan PollAndWait(TimeSpan? deadline, InstrumentSet? instruments)
    {
        TimeSpan before = driver.Now;
        instruments?.BeforeIoWait(deadline <= before ? TimeSpan.Zero : deadline - before);
        meter.BeginWait(before);
        TimeSpan after;
        try
        {
            driver.Poll(deadline);
        }
        finally
        {
            after = driver.Now;
            meter.EndWait(after);
        }

        instruments?.AfterIoWait(after - before);
        return after;
    }
}
