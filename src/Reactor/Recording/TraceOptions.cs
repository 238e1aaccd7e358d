using System.Diagnostics;

namespace Reactor.Recording;

/// <summary>
/// How a <see cref="TraceInstrument"/> observes: the bound of its ring, the limit for slow work,
/// and its clock. Immutable.
/// </summary>
internal sealed record TraceOptions
{
    /// <summary>
    /// The events that wait for the reader, at most: 64k are 3 MB, and a fifth of a second at
    /// 20,000 requests/s.
    /// </summary>
    public int EventsMax { get; init; } = 65_536;

    /// <summary>Posted messages that wait for the reader, at most.</summary>
    public int MessagesMax { get; init; } = 4_096;

    /// <summary>A callback or step that takes longer is told as slow.</summary>
    public TimeSpan SlowAfter { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// From one statement of the loop's state to the next, at least: a statement takes up to a
    /// quarter of the ring, and a reader that is always behind would ask for it at once again.
    /// </summary>
    public TimeSpan RestateEvery { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Nanoseconds on any monotonic clock; null: the stopwatch. A replay gives the recorded time.
    /// </summary>
    public Func<long>? Clock { get; init; }

    /// <summary>
    /// Called on the loop's thread when the ring is full, by a reader of that thread: it drains the
    /// ring, so that nothing is dropped. Null: events are dropped.
    /// </summary>
    public Action? Full { get; init; }

    /// <summary>Ticks of the stopwatch as nanoseconds.</summary>
    internal static long StopwatchTime() => Stopwatch.Frequency == NanosecondsPerSecond
        ? Stopwatch.GetTimestamp()
        : (long)(Stopwatch.GetTimestamp() * s_tickNs);

    private const long NanosecondsPerSecond = 1_000_000_000;

    private static readonly double s_tickNs = (double)NanosecondsPerSecond / Stopwatch.Frequency;
}
