using Reactor.Drivers;

namespace Reactor.Learn;

/// <summary>
/// The time of the events of a recorded lesson: that of the loop's virtual clock, and a microsecond
/// for each event at the same moment, so that they have an order and a width. Any thread.
/// </summary>
internal sealed class SteppedClock(LoopDriver driver)
{
    private const long StepNs = 1_000;

    private long _last;

    /// <summary>Nanoseconds; each reading is later than the one before.</summary>
    public long Read()
    {
        long now = (long)driver.Now.TotalNanoseconds;
        while (true)
        {
            long last = Volatile.Read(ref _last);
            long next = Math.Max(now, last + StepNs);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return next;
            }
        }
    }
}
