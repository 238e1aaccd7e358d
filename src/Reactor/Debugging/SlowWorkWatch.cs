using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Reactor;

/// <summary>
/// The work that a loop in debug mode runs; logs, on the <see cref="Watchdog"/>'s thread, work that
/// runs for too long.
/// </summary>
/// <remarks>
/// Without a lock: the moment is written before the work, so if the watchdog reads the same moment
/// before and after it reads the work, they belong together.
/// </remarks>
internal sealed class SlowWorkWatch(ILogger logger) : IWatched
{
    /// <summary>
    /// Reports come at the limit, at ten times that and so on: nine lines in a day.
    /// </summary>
    private const int NextReportFactor = 10;

    private LoopWork? _work;
    private long _beganAt;
    private long _slowAfterTicks;

    // Watchdog thread only.
    private long _seenBeganAt;
    private long _reportAtTicks;

    /// <summary>Any thread.</summary>
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

        // A late watchdog reports once.
        while (_reportAtTicks <= age.Ticks)
        {
            _reportAtTicks = Math.Max(_reportAtTicks, 1) * NextReportFactor;
        }

        LoopLog.Stuck(logger, ShownText.OfRunning(work), LoopLog.Seconds(age));
    }
}
