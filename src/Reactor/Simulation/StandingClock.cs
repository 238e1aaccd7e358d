using System.Diagnostics;

namespace Reactor.Simulation;

/// <summary>
/// Tells that the virtual clock has stood for too long, although turns are run: both for too many
/// turns, which a burst of real work does not have, and for too much real time, which a fast
/// machine does not need for them.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class StandingClock(InMemoryOptions options)
{
    private TimeSpan _moment = TimeSpan.MinValue;
    private bool _wasWorkElsewhere;
    private long _turns;
    private long _since;

    /// <summary>Counts a turn at a moment of the clock.</summary>
    /// <param name="now">The virtual moment.</param>
    /// <param name="isWorkElsewhere">
    /// True while work is on other threads: polling may wait for that, so it has their time. When
    /// the last work has come back, the count begins anew.
    /// </param>
    /// <returns>True if that was one too many.</returns>
    public bool IsOver(TimeSpan now, bool isWorkElsewhere)
    {
        if (now != _moment || isWorkElsewhere != _wasWorkElsewhere)
        {
            _moment = now;
            _wasWorkElsewhere = isWorkElsewhere;
            _turns = 0;
            _since = Stopwatch.GetTimestamp();
        }

        if (++_turns <= options.TurnsAtOneMomentMax)
        {
            return false;
        }

        TimeSpan limit = isWorkElsewhere ? options.WorkElsewhereMax : options.StallMax;
        return Stopwatch.GetElapsedTime(_since) >= limit;
    }
}
