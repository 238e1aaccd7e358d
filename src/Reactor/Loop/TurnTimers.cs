using Reactor.Drivers;

namespace Reactor;

/// <summary>
/// The loop's timer queue and the phases of a turn that use it. Loop thread only.
/// </summary>
internal sealed class TurnTimers(LoopDriver driver, TimeSpan pollMax, LagHistogram lag)
{
    public TimerQueue Queue { get; } = new();

    /// <summary>True if timers are armed, or cancelled timers are still in the queue.</summary>
    public bool HasAny => Queue.Count > 0;

    public void Purge()
    {
        if (HasAny)
        {
            Queue.PurgeCancelled();
        }
    }

    /// <summary>
    /// When the poll must return: zero if a timer is due now, null if there is none.
    /// </summary>
    public TimeSpan? PollDeadline()
    {
        if (!Queue.TryPeek(out long when))
        {
            return null;
        }

        // Waiting for a timer within the clock's resolution would only spin.
        var due = new TimeSpan(when);
        TimeSpan now = driver.Now;
        if (due <= now + driver.Resolution)
        {
            return TimeSpan.Zero;
        }

        TimeSpan latest = CoroutineScheduler.MomentAfter(now, pollMax);
        return due < latest ? due : latest;
    }

    /// <summary>Queues the timers due at a moment, in the order (when, sequence).</summary>
    public void QueueDue(ReadyQueue ready, TimeSpan moment, InstrumentSet? instruments)
    {
        long now = moment.Ticks;
        long limit = now + driver.Resolution.Ticks;
        while (Queue.TryTakeDue(limit, out TimerEntry entry))
        {
            lag.Record(now - Queue.LastTaken, now);
            var work = (LoopWork)entry;
            instruments?.TimerFired(Queue.LastTakenSequence, work, new TimeSpan(Queue.LastTaken));
            ready.Enqueue(work);
        }
    }
}
