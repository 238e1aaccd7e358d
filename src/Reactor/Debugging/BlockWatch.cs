using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Reactor;

/// <summary>
/// Finds out, on the watchdog's thread, that a loop runs the same turn for too long, and logs one
/// line with what it runs and another when that has ended. Every loop has one unless
/// <see cref="EventLoopOptions.BlockedAfter"/> turns it off.
/// </summary>
/// <remarks>
/// <para>
/// The loop does nothing for it: its count of turns, its mark of a poll that waits and its running
/// step are there anyway, and are read here without a lock. What is read may be older than the
/// present moment; it is good enough for a turn that lasts a second.
/// </para>
/// <para>
/// A turn counts as blocked once it was seen in three looks and for as long as the option says. Two
/// looks would also be far apart where the whole process was stopped in between. Its age is counted
/// from the first look, so it may be older by one interval.
/// </para>
/// </remarks>
internal sealed class BlockWatch(EventLoop loop, ILogger logger, TimeSpan blockedAfter) : IWatched
{
    private const int LooksMin = 3;

    /// <summary>The looks at a turn that is blocked already: they tell when that ends.</summary>
    private static readonly TimeSpan s_endLook = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private long _turn = -1;
    private int _looks;
    private TimeSpan _seenAt;
    private bool _isReported;

    /// <summary>The watch of a loop as its options want it; null if they want none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive.</exception>
    public static BlockWatch? Of(EventLoop loop, ILogger logger)
    {
        if (TimeLimit.OrNull(loop.Options.BlockedAfter) is not { } blockedAfter)
        {
            return null;
        }

        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(
            blockedAfter, TimeSpan.Zero, nameof(EventLoopOptions.BlockedAfter));
        return new BlockWatch(loop, logger, blockedAfter);
    }

    /// <inheritdoc/>
    public TimeSpan LookAfter => _isReported ? s_endLook : blockedAfter / (LooksMin - 1);

    /// <inheritdoc/>
    public void Look() => Look(Stopwatch.GetElapsedTime(0));

    /// <summary>Looks at the loop; the moment is of any clock that goes on.</summary>
    public void Look(TimeSpan now)
    {
        lock (_lock)
        {
            long turn = loop.Meter.Turns;
            bool isInTurn = loop.IsInTurn && !loop.Meter.IsWaiting;
            if (!isInTurn || turn != _turn)
            {
                ReportEnd(now);
                _turn = isInTurn ? turn : -1;
                _looks = isInTurn ? 1 : 0;
                _seenAt = now;
                return;
            }

            _looks++;
            TimeSpan age = now - _seenAt;
            // A debug loop names what is slow itself, and earlier.
            if (!_isReported && _looks >= LooksMin && age >= blockedAfter && !loop.Debug)
            {
                _isReported = true;
                LoopLog.Blocked(
                    logger, loop.Options.Name, DebugMode.Seconds(age),
                    BlockedWork.Describe(loop.RunningStep));
            }
        }
    }

    /// <summary>The run of the loop is over. Loop thread.</summary>
    public void EndRun()
    {
        lock (_lock)
        {
            ReportEnd(Stopwatch.GetElapsedTime(0));
            _turn = -1;
            _looks = 0;
        }
    }

    private void ReportEnd(TimeSpan now)
    {
        if (_isReported)
        {
            _isReported = false;
            LoopLog.BlockEnded(logger, loop.Options.Name, DebugMode.Seconds(now - _seenAt));
        }
    }
}
