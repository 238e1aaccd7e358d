using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Reactor;

/// <summary>
/// The work that a loop in debug mode runs at this moment, and the <see cref="Watchdog"/>'s look at
/// it: logs work that runs for too long while it still runs.
/// </summary>
/// <remarks>
/// <see cref="Begin"/> and <see cref="End"/> on the loop thread, <see cref="Look"/> on the
/// watchdog's, without a lock. The moment is written before the work; if the watchdog reads the
/// same moment before and after it reads the work, they belong together.
/// </remarks>
internal sealed class SlowWorkWatch(ILogger logger) : IWatched
{
    /// <summary>
    /// Reports come at the limit, then at ten times that, a hundred times …: a loop that is stuck
    /// for a day logs nine lines.
    /// </summary>
    private const int NextReportFactor = 10;

    private LoopWork? _work;
    private long _beganAt;
    private long _slowAfterTicks;

    // Watchdog thread only.
    private long _seenBeganAt;
    private long _reportAtTicks;

    /// <summary>How long work may run before it is reported. Any thread.</summary>
    public TimeSpan SlowAfter
    {
        get => new(Volatile.Read(ref _slowAfterTicks));
        set => Volatile.Write(ref _slowAfterTicks, value.Ticks);
    }

    /// <inheritdoc/>
    public TimeSpan LookAfter => SlowAfter;

    public LoopWork? Work => Volatile.Read(ref _work);

    public void Begin(LoopWork work)
    {
        Volatile.Write(ref _beganAt, Stopwatch.GetTimestamp());
        Volatile.Write(ref _work, work);
    }

    public void End() => Volatile.Write(ref _work, null);

    /// <inheritdoc/>
    public void Look()
    {
        long beganAt = Volatile.Read(ref _beganAt);
        LoopWork? work = Work;
        if (work is null || beganAt != Volatile.Read(ref _beganAt))
        {
            return;
        }

        if (beganAt != _seenBeganAt)
        {
            _seenBeganAt = beganAt;
            _reportAtTicks = SlowAfter.Ticks;
        }

        TimeSpan age = Stopwatch.GetElapsedTime(beganAt);
        if (age.Ticks < _reportAtTicks)
        {
            return;
        }

        // From the age and not from the previous limit: a late watchdog reports once.
        while (_reportAtTicks <= age.Ticks)
        {
            _reportAtTicks = Math.Max(_reportAtTicks, 1) * NextReportFactor;
        }

        LoopLog.Stuck(logger, ShownText.OfRunning(work), LoopLog.Seconds(age));
    }
}
