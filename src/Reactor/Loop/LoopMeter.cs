using Reactor.Drivers;

namespace Reactor;

/// <summary>
/// What a loop counts about itself: its turns, the time that it ran, the part of it that it waited
/// in a poll, and how late its timers were. It polls on the loop's behalf, to see the wait.
/// </summary>
/// <remarks>
/// The loop thread writes; any thread reads. Nothing is measured around a poll that may not wait:
/// it is no idle time, and two readings of the clock would cost more than the poll. Around one that
/// may wait they are nothing.
/// </remarks>
internal sealed class LoopMeter(EventLoop loop, ReadyQueue ready, BlockWatch? watch)
{
    private ClockSum _running;
    private ClockSum _idle;
    private long _turns;

    public LagHistogram Lag { get; } = new();

    /// <summary>How many turns the loop has made.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>True while the loop is in a poll that may wait. Any thread.</summary>
    public bool IsWaiting => _idle.IsOpen;

    public void BeginRun()
    {
        ready.Instruments?.BeforeRun();
        _running.Begin(loop.Time.Ticks);
        LoopMetrics.Add(loop);
        if (watch is not null)
        {
            Watchdog.Add(watch);
        }
    }

    public void EndRun()
    {
        if (watch is not null)
        {
            Watchdog.Remove(watch);
            watch.EndRun();
        }

        LoopMetrics.Remove(loop);
        _running.End(loop.Time.Ticks);
        ready.Instruments?.AfterRun();
    }

    /// <summary>A turn without a poll.</summary>
    public void CountTurn() => Volatile.Write(ref _turns, _turns + 1);

    /// <summary>The poll of a turn.</summary>
    /// <returns>The time after it; null if it could not wait, so that nothing read it.</returns>
    public TimeSpan? Poll(TimeSpan? deadline)
    {
        CountTurn();
        if (deadline == TimeSpan.Zero && ready.Instruments is null)
        {
            loop.Driver.Poll(deadline);
            return null;
        }

        return PollAndWatch(loop.Driver, deadline);
    }

    /// <summary>How the time of the runs up to now was spent.</summary>
    public EventLoopUtilization Utilization()
    {
        long now = loop.Time.Ticks;
        long running = _running.At(now);
        // The wait may have begun after the clock was read; it cannot be more than the run.
        long idle = Math.Min(_idle.At(now), running);
        return new EventLoopUtilization(
            Active: new TimeSpan(running - idle), Idle: new TimeSpan(idle));
    }

    private TimeSpan PollAndWatch(LoopDriver driver, TimeSpan? deadline)
    {
        if (ready.Instruments is { IsEmpty: true })
        {
            ready.Instruments = null; // those that were in it have thrown
        }

        InstrumentSet? instruments = ready.Instruments;
        TimeSpan before = driver.Now;
        bool mayWait = deadline != TimeSpan.Zero;
        // A moment has passed since the deadline was worked out.
        TimeSpan? timeout = deadline <= before ? TimeSpan.Zero : deadline - before;
        instruments?.BeforeIoWait(timeout);
        if (mayWait)
        {
            _idle.Begin(before.Ticks);
        }

        TimeSpan after;
        try
        {
            driver.Poll(deadline);
        }
        finally
        {
            after = driver.Now;
            if (mayWait)
            {
                _idle.End(after.Ticks);
            }
        }

        instruments?.AfterIoWait(after - before);
        return after;
    }

    /// <summary>
    /// A sum of intervals of one clock, which other threads read while an interval is open. One
    /// word holds all: the sum, or, while an interval is open, the complement of what lay outside
    /// the intervals before it. So a reader never sees the one half of a change.
    /// </summary>
    private struct ClockSum
    {
        private long _word;

        public void Begin(long now) => Volatile.Write(ref _word, ~(now - _word));

        public void End(long now) => Volatile.Write(ref _word, now - ~_word);

        public readonly bool IsOpen => Volatile.Read(in _word) < 0;

        public long At(long now)
        {
            long word = Volatile.Read(ref _word);
            return word >= 0 ? word : now - ~word;
        }
    }
}
