using System.Numerics;

namespace Reactor;

/// <summary>
/// How late timers were, in buckets of fixed size: eight to each doubling, so that a bucket's upper
/// end is at most an eighth above what lies in it. There are two windows, the present one and the
/// one before; older ones are forgotten.
/// </summary>
/// <remarks>
/// The loop thread records, without a lock and without an allocation; any thread reads. The lock is
/// for the change of windows, once in ten seconds: a reader must not see a window half cleared. A
/// count that is being raised meanwhile may be missed by one, which nobody notices.
/// </remarks>
internal sealed class LagHistogram
{
    /// <summary>
    /// One window. Long enough for percentiles to mean something, short enough to show now.
    /// </summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private const int SubBits = 3;
    private const int SubCount = 1 << SubBits;

    // Up to 2^44 ticks, twenty days; what is later counts there.
    private const int BucketCount = (44 - SubBits + 1) * SubCount;

    private readonly Lock _lock = new();
    private int[] _counts = new int[BucketCount];
    private int[] _countsBefore = new int[BucketCount];
    private long _max;
    private long _maxBefore;
    private long _windowEnd = Window.Ticks;

    /// <summary>Counts a timer. Loop thread only.</summary>
    /// <param name="lateness">Ticks between its moment and now; one early by a grain is on time.
    /// </param>
    /// <param name="now">The loop's clock.</param>
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

    /// <summary>What the two windows hold. Any thread.</summary>
    public LoopLag Read(long now)
    {
        Span<long> sums = stackalloc long[BucketCount];
        long max = 0;
        lock (_lock)
        {
            // Nothing may have been recorded, and the windows not changed, for a long time.
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

        long count = 0;
        foreach (long one in sums)
        {
            count += one;
        }

        return new LoopLag(
            count, Percentile(sums, count, 50, max), Percentile(sums, count, 99, max), new(max));
    }

    private static void Add(Span<long> sums, int[] counts)
    {
        for (int i = 0; i < counts.Length; i++)
        {
            sums[i] += counts[i];
        }
    }

    private static TimeSpan Percentile(Span<long> sums, long count, int percent, long max)
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

    /// <summary>The largest value that falls into a bucket.</summary>
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
            bool isNext = now < _windowEnd + Window.Ticks;
            (_counts, _countsBefore) = (_countsBefore, _counts);
            (_maxBefore, _max) = (_max, 0);
            Array.Clear(_counts);
            if (!isNext)
            {
                Array.Clear(_countsBefore); // a window in which nothing fell due lies between
                _maxBefore = 0;
            }

            _windowEnd = now - (now % Window.Ticks) + Window.Ticks;
        }
    }
}
