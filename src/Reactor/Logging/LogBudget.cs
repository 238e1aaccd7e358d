using Microsoft.Extensions.Logging;

namespace Reactor;

/// <summary>
/// Limits how many log lines of each kind pass in a second, and counts the rest: a line that a
/// client can cause as often as it likes must not fill a log or hide other lines.
/// </summary>
/// <remarks>
/// Any thread. A line that is suppressed allocates nothing. Memory is bounded by
/// <see cref="KindsMax"/>, and each kind keeps one time for each line of a second.
/// </remarks>
public sealed class LogBudget
{
    /// <summary>
    /// Kinds with lines of their own, 256: more routes with different failures at the same time
    /// than a reader of the log can follow. All further kinds share one part.
    /// </summary>
    public const int KindsMax = 256;

    /// <summary>
    /// The most lines of a kind, 10,000 a second: each has its time in memory, and a log that gets
    /// more is not protected from anything.
    /// </summary>
    public const int LinesPerSecondMax = 10_000;

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly LogKind s_others = new("lines of further kinds");

    private readonly Lock _lock = new();
    private readonly Dictionary<LogKind, Part> _parts = [];
    private readonly int _linesPerSecond;

    /// <summary>Makes a budget in which every kind has all its lines.</summary>
    /// <param name="linesPerSecond">
    /// Lines of each kind in any second, at most <see cref="LinesPerSecondMax"/>; 0 lets none pass.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The number is negative or too large.
    /// </exception>
    public LogBudget(int linesPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(linesPerSecond);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(linesPerSecond, LinesPerSecondMax);
        _linesPerSecond = linesPerSecond;
    }

    /// <summary>Takes a line for a message that itself says how many were suppressed.</summary>
    /// <param name="kind">The kind of the line.</param>
    /// <param name="now">The time, on the clock of the loop.</param>
    /// <param name="suppressed">Lines of the kind since the last that passed.</param>
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
    /// Takes a line, unless the level is off. If lines of the kind were suppressed before it, their
    /// number is logged first.
    /// </summary>
    /// <param name="logger">The logger of the line.</param>
    /// <param name="level">The level of the line.</param>
    /// <param name="kind">The kind of the line.</param>
    /// <param name="now">The time, on the clock of the loop.</param>
    /// <returns>False: the line must not be logged.</returns>
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
    /// Logs how many lines of each kind are suppressed and not reported yet; for the end of a
    /// server or a loop, after which no next line reports them.
    /// </summary>
    /// <param name="logger">The logger of the lines.</param>
    /// <param name="level">The level at which to log.</param>
    public void ReportSuppressed(ILogger logger, LogLevel level)
    {
        ArgumentNullException.ThrowIfNull(logger);
        if (_linesPerSecond == 0)
        {
            return; // the user wants no lines of these kinds
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

    /// <summary>What one kind has used of its lines.</summary>
    private sealed class Part(int linesPerSecond)
    {
        /// <summary>
        /// When the last lines passed, as a ring; the oldest is overwritten next. Half of the least
        /// value: a difference to any time of a loop fits.
        /// </summary>
        public TimeSpan[] Taken { get; } =
            [.. Enumerable.Repeat(TimeSpan.MinValue / 2, linesPerSecond)];

        public int Next { get; set; }

        public long Suppressed { get; set; }
    }
}
