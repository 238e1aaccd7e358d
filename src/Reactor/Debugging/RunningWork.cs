using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Reactor;

/// <summary>
/// What a debug loop runs at this moment and since when, for the <see cref="Watchdog"/>, and the
/// watchdog's notes about it.
/// </summary>
/// <remarks>
/// <see cref="Begin"/> and <see cref="End"/> on the loop thread, <see cref="Look"/> on the
/// watchdog's. There is no lock between them. The moment is written before the work; so if the
/// watchdog reads the same moment before and after it reads the work, they belong together.
/// </remarks>
internal sealed class RunningWork(ILogger logger) : IWatched
{
    /// <summary>
    /// A report comes at the time that counts as slow, then at ten times that, a hundred times …:
    /// a loop that is stuck for a day has nine lines, not a million.
    /// </summary>
    private const int NextReportFactor = 10;

    private LoopWork? _work;
    private long _beganAt;
    private long _slowAfterTicks;

    // Of the watchdog thread.
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

    /// <summary>Reports the work if it has run for too long.</summary>
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

        // From the age and not from the last limit: a watchdog that comes late reports once.
        while (_reportAtTicks <= age.Ticks)
        {
            _reportAtTicks = Math.Max(_reportAtTicks, 1) * NextReportFactor;
        }

        LoopLog.Stuck(logger, ShownText.OfRunning(work), DebugMode.Seconds(age));
    }
}
