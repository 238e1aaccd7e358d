namespace Reactor.Inspector;

/// <summary>
/// Decides when the inspector takes the events of its loop again: seldom, but before the loop can
/// fill the room for them at its present rate. A value.
/// </summary>
internal static class DrainPace
{
    /// <summary>A shorter wait would spend more on waking than on the events.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromMilliseconds(5);

    /// <summary>The wait until the next time.</summary>
    /// <param name="usual">The longest wait.</param>
    /// <param name="taken">The number of events that were taken now.</param>
    /// <param name="since">The time in which they came.</param>
    /// <param name="room">The number of events that the loop may be ahead.</param>
    public static TimeSpan Next(TimeSpan usual, long taken, TimeSpan since, int room)
    {
        // A quarter: the rate may double, and the timer may be late by as much again.
        double fill = (double)taken * 4 / room;
        TimeSpan wait = fill <= 0 ? usual : since / fill;
        return wait >= usual ? usual : wait <= Least ? Least : wait;
    }
}
