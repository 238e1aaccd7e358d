using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The arrival instants of the last requests, in a ring that is allocated at once: recording costs
/// a store. One thread at a time.
/// </summary>
internal sealed class ArrivalStamps(int capacity = ArrivalStamps.DefaultCapacity)
{
    /// <summary>Default: 4 million, 32 MiB; more than three minutes at 20,000 a second.</summary>
    public const int DefaultCapacity = 1 << 22;

    private readonly TimeSpan[] _ring = new TimeSpan[capacity];

    /// <summary>All arrivals, including those that later ones have overwritten.</summary>
    public long Count { get; private set; }

    /// <summary>Records an arrival.</summary>
    public void Add(TimeSpan instant) => _ring[(int)(Count++ % _ring.Length)] = instant;

    /// <summary>The kept instants, the earliest first.</summary>
    public TimeSpan[] ToArray()
    {
        int kept = (int)Math.Min(Count, _ring.Length);
        int first = Count > kept ? (int)(Count % _ring.Length) : 0;
        return [.. _ring.AsSpan(first, kept - first), .. _ring.AsSpan(0, first)];
    }

    /// <summary>
    /// Writes the kept instants, a line each: nanoseconds since the first of them.
    /// </summary>
    public void Write(TextWriter output)
    {
        TimeSpan[] instants = ToArray();
        foreach (TimeSpan instant in instants)
        {
            output.Write((instant - instants[0]).Ticks * TimeSpan.NanosecondsPerTick);
            output.Write('\n');
        }
    }
}

/// <summary>The gaps between consecutive arrivals. Immutable.</summary>
/// <param name="Count">The number of gaps.</param>
/// <param name="Middle">The median gap.</param>
/// <param name="High">The 99th percentile of the gaps.</param>
/// <param name="Max">The longest gap.</param>
internal readonly record struct ArrivalGaps(
    int Count, TimeSpan Middle, TimeSpan High, TimeSpan Max)
{
    /// <summary>Sorts the gaps, or their distances from an expected gap.</summary>
    /// <param name="instants">The arrivals in order.</param>
    /// <param name="expected">The gap to subtract, 0 for the gaps themselves.</param>
    public static ArrivalGaps Of(ReadOnlySpan<TimeSpan> instants, TimeSpan expected)
    {
        if (instants.Length < 2)
        {
            return default;
        }

        var gaps = new TimeSpan[instants.Length - 1];
        for (int i = 0; i < gaps.Length; i++)
        {
            gaps[i] = (instants[i + 1] - instants[i] - expected).Duration();
        }

        Array.Sort(gaps);
        return new ArrivalGaps(
            gaps.Length,
            gaps[(int)Histogram.RankOf(50, gaps.Length) - 1],
            gaps[(int)Histogram.RankOf(99, gaps.Length) - 1],
            gaps[^1]);
    }

    /// <summary>Writes the values in microseconds.</summary>
    public string Text() => string.Create(
        CultureInfo.InvariantCulture,
        $"p50 {Micros(Middle)}us, p99 {Micros(High)}us, max {Micros(Max)}us");

    private static string Micros(TimeSpan time) =>
        time.TotalMicroseconds.ToString("0.0", CultureInfo.InvariantCulture);
}
