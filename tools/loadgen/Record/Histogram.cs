// Counts durations so that percentiles are exact to three digits and no sample is lost.
//
// The layout is that of an HDR histogram with a unit of one nanosecond and three significant
// digits. The values below 2048 have a counter each. Above, every doubling of the value has 1024
// counters, so a counter is never wider than 1/1024 of the values in it: three digits hold from a
// microsecond to an hour, in 33,792 counters (264 KB). An index is a shift and an addition, so
// recording costs the same for any value and allocates nothing.
//
// Invariants: every value is counted; a value out of range is clamped and also counted in TooLow or
// TooHigh, so that a report can say so. Count is the
// sum of all counters. Merging two histograms gives exactly what recording everything into one
// would.
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

    private readonly long[] _counts = new long[IndexOf(ValueMax) + 1];

    /// <summary>Number of recorded values, including clamped ones.</summary>
    public long Count { get; private set; }

    /// <summary>Values below 0, counted as 0: the clock ran backwards.</summary>
    public long TooLow { get; private set; }

    /// <summary>Values above <see cref="ValueMax"/>, counted as that.</summary>
    public long TooHigh { get; private set; }

    /// <summary>The largest value recorded, exactly; 0 if there is none.</summary>
    public long Max { get; private set; }

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
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        TooLow += other.TooLow;
        TooHigh += other.TooHigh;
        Max = Math.Max(Max, other.Max);
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
                return Math.Min(LowestOf(i) + WidthOf(i) - 1, max);
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

    private static double MiddleOf(int index) => LowestOf(index) + ((WidthOf(index) - 1) / 2.0);
}
