using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Reactor;

/// <summary>
/// Detects, on the watchdog's thread, that a loop runs one turn for too long: logs the work that
/// runs, and when the block has ended. Reads the loop's counters without a lock.
/// </summary>
/// <remarks>
/// A turn is blocked when it was seen in three looks and for the time of the option. Two looks
/// could be far apart because the process was suspended. The age counts from the first look.
/// </remarks>
internal sealed class BlockWatch(
    CoroutineScheduler scheduler, LoopMeter meter, ILogger logger, TimeSpan blockedAfter) : IWatched
{
    private const int LooksMin = 3;

    /// <summary>Between looks at a blocked turn.</summary>
    private static readonly TimeSpan s_endLook = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private long _turn = -1;
    private int _looks;
    private TimeSpan _seenAt;
    private bool _isReported;

    /// <summary>Null if the option turns it off.</summary>
    public static BlockWatch? Of(
        CoroutineScheduler scheduler, LoopMeter meter, ILogger logger, TimeSpan? blockedAfter)
    {
        if (TimeLimit.OrNull(blockedAfter) is not { } limit)
        {
            return null;
        }

        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(
            limit, TimeSpan.Zero, nameof(EventLoopOptions.BlockedAfter));
        return new BlockWatch(scheduler, meter, logger, limit);
    }

    /// <inheritdoc/>
    public TimeSpan LookAfter => _isReported ? s_endLook : blockedAfter / (LooksMin - 1);

    /// <inheritdoc/>
    public void Look() => Look(Stopwatch.GetElapsedTime(0));

    /// <summary>The moment is of any monotonic clock.</summary>
    public void Look(TimeSpan now)
    {
        lock (_lock)
        {
            long turn = meter.Turns;
            bool isInTurn = meter.IsInTurn && !meter.IsWaiting;
            if (!isInTurn || turn != _turn)
            {
                ReportEnd(now);
                _turn = isInTurn ? turn : -1;
                _looks = 1;
                _seenAt = now;
                return;
            }

            _looks++;
            TimeSpan age = now - _seenAt;
            // In debug mode slow work is reported sooner, by name.
            if (!_isReported && _looks >= LooksMin && age >= blockedAfter && !scheduler.Debug)
            {
                _isReported = true;
                LoopLog.Blocked(
                    logger, meter.Name, LoopLog.Seconds(age),
                    BlockedWork.Describe(scheduler.RunningStep));
            }
        }
    }

    /// <summary>The loop's run has ended. Loop thread.</summary>
    public void EndRun()
    {
        lock (_lock)
        {
            ReportEnd(Stopwatch.GetElapsedTime(0));
            _turn = -1;
        }
    }

    private void ReportEnd(TimeSpan now)
    {
        if (_isReported)
        {
            _isReported = false;
            LoopLog.BlockEnded(logger, meter.Name, LoopLog.Seconds(now - _seenAt));
        }
    }
}
