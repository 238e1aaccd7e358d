using Microsoft.Extensions.Logging;

namespace Reactor;

/// <summary>
/// Limits the log lines of each kind a second and counts the suppressed ones: lines that a client
/// can cause must not fill a log or hide others. Any thread.
/// </summary>
public sealed class LogRateLimiter
{
    /// <summary>The kinds with a rate of their own, 256; all others share one.</summary>
    public const int KindsMax = 256;

    /// <summary>The highest rate, 10,000 lines a second: each needs a timestamp.</summary>
    public const int LinesPerSecondMax = 10_000;

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly LogKind s_others = new("lines of further kinds");

    private readonly Lock _lock = new();
    private readonly Dictionary<LogKind, Part> _parts = [];
    private readonly int _linesPerSecond;

    /// <summary>Makes a limiter.</summary>
    /// <param name="linesPerSecond">
    /// The lines of each kind in any second, 0 to <see cref="LinesPerSecondMax"/>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is out of range.</exception>
    public LogRateLimiter(int linesPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(linesPerSecond);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(linesPerSecond, LinesPerSecondMax);
        _linesPerSecond = linesPerSecond;
    }

    /// <summary>Takes a line whose message has the number of suppressed lines.</summary>
    /// <param name="kind">The kind of the line.</param>
    /// <param name="now">The time, on any clock that never goes back.</param>
    /// <param name="suppressed">Lines of the kind suppressed since the last logged one.</param>
    /// <returns>False: the line is counted and must not be logged.</returns>
    public bool TryTake(in LogKind kind, TimeSpan now, out long suppressed)
    {
        lock (_lock)
        {
            Part part = PartOf(kind);
            suppressed = part.Suppressed;
            if (part.Taken.Length == 0 || now - part.Taken[part.Next] < s_second)
            {
                part.Suppressed++;
                return false;
            }

            part.Taken[part.Next] = now;
            part.Next = (part.Next + 1) % part.Taken.Length;
            part.Suppressed = 0;
            return true;
        }
    }

    /// <summary>
    /// <see cref="TryTake"/> unless the level is off; first logs the number of suppressed lines.
    /// </summary>
    /// <inheritdoc cref="TryTake"/>
    public bool MayLog(ILogger logger, LogLevel level, in LogKind kind, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(logger);
        if (!logger.IsEnabled(level) || !TryTake(kind, now, out long suppressed))
        {
            return false;
        }

        if (suppressed > 0)
        {
            LoopLog.Suppressed(logger, level, suppressed, kind);
        }

        return true;
    }

    /// <summary>
    /// Logs the suppressed lines of each kind, at the end of a server or a loop.
    /// </summary>
    public void ReportSuppressed(ILogger logger, LogLevel level)
    {
        ArgumentNullException.ThrowIfNull(logger);
        if (_linesPerSecond == 0)
        {
            return; // these lines are turned off
        }

        List<(LogKind Kind, long Count)> left = [];
        lock (_lock)
        {
            foreach ((LogKind kind, Part part) in _parts)
            {
                if (part.Suppressed > 0)
                {
                    left.Add((kind, part.Suppressed));
                    part.Suppressed = 0;
                }
            }
        }

        foreach ((LogKind kind, long count) in left)
        {
            LoopLog.Suppressed(logger, level, count, kind);
        }
    }

    private Part PartOf(in LogKind kind)
    {
        if (_parts.TryGetValue(kind, out Part? part))
        {
            return part;
        }

        LogKind own = _parts.Count < KindsMax ? kind : s_others;
        if (!_parts.TryGetValue(own, out part))
        {
            part = new Part(_linesPerSecond);
            _parts.Add(own, part);
        }

        return part;
    }

    /// <summary>The lines of a kind.</summary>
    private sealed class Part(int linesPerSecond)
    {
        /// <summary>
        /// A ring of the last times, initially half of the least: a difference must not overflow.
        /// </summary>
        public TimeSpan[] Taken { get; } =
            [.. Enumerable.Repeat(TimeSpan.MinValue / 2, linesPerSecond)];

        public int Next { get; set; }

        public long Suppressed { get; set; }
    }
}
