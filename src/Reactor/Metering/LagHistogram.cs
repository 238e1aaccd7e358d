using System.Numerics;

namespace Reactor;

/// <summary>
/// The lateness of timers in logarithmic buckets, eight to each doubling, for the current window of
/// time and the previous one.
/// </summary>
/// <remarks>
/// The loop thread records without a lock; any thread reads, and may miss a count that is being
/// written. The lock guards the change of windows.
/// </remarks>
internal sealed class LagHistogram
{
    /// <summary>Long enough for percentiles, short enough to show the present.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private const int SubBits = 3;
    private const int SubCount = 1 << SubBits;

    // Up to 2^44 ticks, twenty days.
    private const int BucketCount = (44 - SubBits + 1) * SubCount;

    private readonly Lock _lock = new();
    private int[] _counts = new int[BucketCount];
    private int[] _countsBefore = new int[BucketCount];
    private long _max;
    private long _maxBefore;
    private long _windowEnd = Window.Ticks;

    /// <summary>Counts a timer; both are in ticks. Loop thread only.</summary>
    public void Record(long lateness, long now)
    {
        if (now >= _windowEnd)
        {
            ChangeWindow(now);
        }

        lateness = Math.Max(0, lateness);
        _counts[BucketOf(lateness)]++;
        if (lateness > _max)
        {
            Volatile.Write(ref _max, lateness);
        }
    }

    public LoopLag Read(long now)
    {
        var sums = new long[BucketCount];
        long max = 0;
        lock (_lock)
        {
            // Without records the windows do not change.
            if (now < _windowEnd + Window.Ticks)
            {
                Add(sums, _counts);
                max = Volatile.Read(ref _max);
            }

            if (now < _windowEnd)
            {
                Add(sums, _countsBefore);
                max = Math.Max(max, _maxBefore);
            }
        }

        long count = sums.Sum();
        return new LoopLag
        {
            Count = count,
            P50 = Percentile(sums, count, 50, max),
            P99 = Percentile(sums, count, 99, max),
            Max = new TimeSpan(max),
        };
    }

    private static void Add(long[] sums, int[] counts)
    {
        for (int i = 0; i < counts.Length; i++)
        {
            sums[i] += counts[i];
        }
    }

    private static TimeSpan Percentile(long[] sums, long count, int percent, long max)
    {
        long rank = ((count * percent) + 99) / 100;
        for (int i = 0; i < sums.Length && rank > 0; i++)
        {
            rank -= sums[i];
            if (rank <= 0)
            {
                return new TimeSpan(Math.Min(UpperEnd(i), max));
            }
        }

        return TimeSpan.Zero;
    }

    private static int BucketOf(long value)
    {
        if (value < SubCount)
        {
            return (int)value;
        }

        int shift = BitOperations.Log2((ulong)value) - SubBits;
        int bucket = ((shift + 1) << SubBits) + (int)((value >> shift) & (SubCount - 1));
        return Math.Min(bucket, BucketCount - 1);
    }

    private static long UpperEnd(int bucket)
    {
        if (bucket < SubCount)
        {
            return bucket;
        }

        int shift = (bucket >> SubBits) - 1;
        return ((SubCount + (bucket & (SubCount - 1)) + 1L) << shift) - 1;
    }

    private void ChangeWindow(long now)
    {
        lock (_lock)
        {
            (_counts, _countsBefore) = (_countsBefore, _counts);
            (_maxBefore, _max) = (_max, 0);
            Array.Clear(_counts);
            if (now >= _windowEnd + Window.Ticks)
            {
                Array.Clear(_countsBefore); // there was an empty window in between
                _maxBefore = 0;
            }

            _windowEnd = now - (now % Window.Ticks) + Window.Ticks;
        }
    }
}
