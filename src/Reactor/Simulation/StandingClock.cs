using System.Diagnostics;

namespace Reactor.Simulation;

/// <summary>
/// Detects that the virtual clock stands for too many turns and too much real time. Both are
/// required: a burst of real work has fewer turns, and a fast machine runs many in little time.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class StandingClock(InMemoryOptions options)
{
    private TimeSpan _moment = TimeSpan.MinValue;
    private bool _wasWorkElsewhere;
    private long _turns;
    private long _since;

    /// <summary>
    /// Counts a turn; true if it is one too many. Work on other threads may hold the clock, so its
    /// begin and end restart the count.
    /// </summary>
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
