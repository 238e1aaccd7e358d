namespace Reactor;

/// <summary>
/// The loop's timer queue, with the phases of a turn that look at it: purge, the deadline of the
/// poll, and queueing what is due.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class LoopTimers(EventLoop loop, TimeSpan pollMax)
{
    /// <summary>What waits for its time.</summary>
    public TimerQueue Queue { get; } = new();

    /// <summary>True if timers are armed, or were cancelled and are still in the queue.</summary>
    public bool HasAny => Queue.Count > 0;

    /// <summary>Takes out the timers that were cancelled.</summary>
    public void Purge()
    {
        if (HasAny)
        {
            Queue.PurgeCancelled();
        }
    }

    /// <summary>
    /// How long the poll may wait for I/O: until the next timer is due. Zero if one is due now;
    /// null if there is none.
    /// </summary>
    public TimeSpan? NextPoll()
    {
        if (!Queue.TryPeek(out long when))
        {
            return null;
        }

        // What is due within one grain of the clock is due now: waiting for it would only spin.
        var due = new TimeSpan(when);
        TimeSpan now = loop.Driver.Now;
        if (due <= now + loop.Driver.Resolution)
        {
            return TimeSpan.Zero;
        }

        TimeSpan latest = CoroutineScheduler.MomentAfter(now, pollMax);
        return due < latest ? due : latest;
    }

    /// <summary>Makes ready what is due at a moment, in the order (when, sequence).</summary>
    public void QueueDue(ReadyQueue ready, TimeSpan moment)
    {
        long now = moment.Ticks;
        long limit = now + loop.Driver.Resolution.Ticks;
        while (Queue.TryTakeDue(limit, out TimerEntry entry))
        {
            loop.Meter.Lag.Record(now - Queue.LastTaken, now);
            ready.Enqueue((LoopWork)entry);
        }
    }
}
