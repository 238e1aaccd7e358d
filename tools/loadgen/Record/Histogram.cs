// Counts durations so that percentiles are exact to three digits and no sample is lost.
//
// The layout is that of an HDR histogram with a unit of one nanosecond and three significant
// digits, from 1 to an hour (HistogramCodec writes it). The values below 2048 have a counter each.
// Above, every doubling of the value has 1024 counters, so a counter is never wider than 1/1024 of
// the values in it: three digits hold from a microsecond to an hour, in 33,421 counters (261 KiB).
// An index is a shift and an addition, so recording costs the same for any value and allocates
// nothing.
//
// Invariants: every value is counted; a value out of range is clamped and also counted in TooLow or
// TooHigh, so that a report can say so. Count is the sum of all counters. Merging two histograms
// gives exactly what recording everything into one would.
//
// Deliberately no correction for coordinated omission: samples are never invented.
// One thread at a time; pure.
using System.Numerics;

namespace Reactor.Tools.Loadgen;

/// <summary>A histogram of durations in nanoseconds, from 0 to an hour, to three digits.</summary>
internal sealed class Histogram
{
    /// <summary>The largest value, an hour in nanoseconds.</summary>
    public const long ValueMax = 3_600_000_000_000;

    private const int HalfBits = 10;
    private const int Half = 1 << HalfBits;
    private const int Exact = 2 * Half;

    private readonly long[] _counts = new long[CountersMax];

    /// <summary>Number of recorded values, including clamped ones.</summary>
    public long Count { get; private set; }

    /// <summary>How many values can still be added.</summary>
    public long CountLeft => long.MaxValue - Count;

    /// <summary>Values below 0, counted as 0: the clock ran backwards.</summary>
    public long TooLow { get; private set; }

    /// <summary>Values above <see cref="ValueMax"/>, counted as that.</summary>
    public long TooHigh { get; private set; }

    /// <summary>The largest value recorded, exactly; 0 if there is none.</summary>
    public long Max { get; private set; }

    /// <summary>
    /// The counters, by HDR's index, up to that of <see cref="Max"/>; one counter of 0 if nothing
    /// was recorded.
    /// </summary>
    public ReadOnlySpan<long> Counters => _counts.AsSpan(0, IndexOf(Max) + 1);

    /// <summary>The number of counters of a histogram.</summary>
    public static int CountersMax => IndexOf(ValueMax) + 1;

    /// <summary>Counts a value.</summary>
    /// <param name="value">Nanoseconds; clamped to 0 and <see cref="ValueMax"/>.</param>
    /// <param name="times">How often to count it.</param>
    public void Record(long value, long times = 1)
    {
        if ((ulong)value > ValueMax)
        {
            value = Clamp(value, times);
        }

        _counts[IndexOf(value)] += times;
        Count += times;
        if (value > Max)
        {
            Max = value;
        }
    }

    /// <summary>Adds the counts of another histogram.</summary>
    public void Merge(Histogram other)
    {
        ReadOnlySpan<long> counters = other.Counters;
        for (int i = 0; i < counters.Length; i++)
        {
            _counts[i] += counters[i];
        }

        Count += other.Count;
        TooLow += other.TooLow;
        TooHigh += other.TooHigh;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>
    /// Adds samples to a counter; <see cref="Max"/> is then at least the upper end of the counter.
    /// </summary>
    /// <param name="index">0 to <see cref="CountersMax"/> - 1.</param>
    /// <param name="count">Samples, 1 to <see cref="CountLeft"/>.</param>
    public void Add(int index, long count)
    {
        Count = checked(Count + count);
        _counts[index] += count;
        Max = Math.Max(Max, Math.Min(HighestOf(index), ValueMax));
    }

    /// <summary>
    /// Restores what the counters do not tell, after <see cref="Add"/>.
    /// </summary>
    /// <returns>
    /// False, without effect, unless <paramref name="max"/> is in the last used counter and the
    /// clamped values are among those counted at the borders.
    /// </returns>
    public bool TryRestore(long max, long tooLow, long tooHigh)
    {
        if (max is < 0 or > ValueMax || IndexOf(max) != IndexOf(Max)
            || tooLow < 0 || tooLow > _counts[0]
            || tooHigh < 0 || tooHigh > _counts[^1] || (tooHigh > 0 && max != ValueMax))
        {
            return false;
        }

        (Max, TooLow, TooHigh) = (max, tooLow, tooHigh);
        return true;
    }

    /// <summary>Forgets all values.</summary>
    public void Clear()
    {
        _counts.AsSpan(0, IndexOf(Max) + 1).Clear();
        (Count, Max, TooLow, TooHigh) = (0, 0, 0, 0);
    }

    /// <summary>
    /// Returns the value that the given percentage of samples does not exceed: the upper end of the
    /// counter of the sample with that rank, at most <see cref="Max"/>.
    /// </summary>
    /// <param name="percent">0 to 100; decimal, so that the rank of 99.9 of 1000 is 999.</param>
    /// <returns>Nanoseconds; 0 if nothing was recorded.</returns>
    public long Percentile(decimal percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100m);
        return AtRank(RankOf(percent, Count));
    }

    /// <summary>The rank of a percentile among a number of samples; at least 1.</summary>
    public static long RankOf(decimal percent, long count) =>
        Math.Max(1, (long)decimal.Ceiling(percent * count / 100m));

    /// <summary>The value of the sample with a rank from 1; 0 if there is none.</summary>
    /// <param name="rank">The rank, from 1.</param>
    /// <param name="other">Samples to rank together with these, or null.</param>
    public long AtRank(long rank, Histogram? other = null)
    {
        long max = Math.Max(Max, other?.Max ?? 0);
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i] + (other?._counts[i] ?? 0);
            if (seen >= rank)
            {
                return Math.Min(HighestOf(i), max);
            }
        }

        return 0;
    }

    /// <summary>
    /// The mean, with each sample at the middle of its counter; 0 without samples.
    /// </summary>
    public double Mean()
    {
        double sum = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            sum += _counts[i] == 0 ? 0 : _counts[i] * MiddleOf(i);
        }

        return Count == 0 ? 0 : sum / Count;
    }

    /// <summary>
    /// The standard deviation of a sample (n - 1, like wrk); 0 below two samples.
    /// </summary>
    public double StandardDeviation()
    {
        double mean = Mean();
        double sum = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] > 0)
            {
                double distance = MiddleOf(i) - mean;
                sum += _counts[i] * distance * distance;
            }
        }

        return Count < 2 ? 0 : Math.Sqrt(sum / (Count - 1));
    }

    /// <summary>
    /// The share of the samples from one value to another, both inclusive; 0 to 1.
    /// </summary>
    public double ShareWithin(double low, double high)
    {
        long within = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            double middle = MiddleOf(i);
            within += middle >= low && middle <= high ? _counts[i] : 0;
        }

        return Count == 0 ? 0 : (double)within / Count;
    }

    private long Clamp(long value, long times)
    {
        if (value < 0)
        {
            TooLow += times;
            return 0;
        }

        TooHigh += times;
        return ValueMax;
    }

    // 0 to 2047 are their own index; then each doubling of the value takes the next 1024.
    private static int IndexOf(long value)
    {
        int shift = BitOperations.Log2((ulong)value | (Exact - 1)) - HalfBits;
        return (shift << HalfBits) + (int)(value >> shift);
    }

    private static int ShiftOf(int index) => index < Exact ? 0 : (index >> HalfBits) - 1;

    private static long WidthOf(int index) => 1L << ShiftOf(index);

    private static long LowestOf(int index)
    {
        int shift = ShiftOf(index);
        return (long)(index - (shift << HalfBits)) << shift;
    }

    /// <summary>The largest value of a counter.</summary>
    public static long HighestOf(int index) => LowestOf(index) + WidthOf(index) - 1;

    private static double MiddleOf(int index) => LowestOf(index) + ((WidthOf(index) - 1) / 2.0);
}
