using System.Numerics;

namespace Reactor.Recording;

/// <summary>
/// One of the worst values of a <see cref="TraceHistogram"/>, and what caused it. Immutable.
/// </summary>
/// <param name="Value">The duration, in ns.</param>
/// <param name="Time">When it ended, in ns of the trace.</param>
/// <param name="Turn">In which turn.</param>
/// <param name="Id">The task, or 0.</param>
/// <param name="Name">The task, callback or timer; a number in the names of the trace.</param>
/// <param name="Place">Its line, or 0.</param>
/// <param name="Cause">What ran meanwhile for the longest time, or 0.</param>
/// <param name="CausePlace">The line of that, or 0.</param>
/// <param name="Event">The number of the event that ended it, from 1: its moment.</param>
public readonly record struct TraceCulprit(
    long Value, long Time, long Turn, long Id, int Name, int Place, int Cause, int CausePlace,
    long Event);

/// <summary>
/// Durations in nanoseconds, counted in buckets that are at most a quarter wide, and the worst of
/// them. One thread at a time.
/// </summary>
public sealed class TraceHistogram
{
    /// <summary>How many of the worst values are kept.</summary>
    public const int CulpritsMax = 8;

    private const int PartsLog2 = 2; // four buckets for each power of two
    private const int BucketCount = (63 - PartsLog2 + 2) << PartsLog2;

    private int[] _counts = new int[BucketCount];
    private TraceCulprit[] _culprits = new TraceCulprit[CulpritsMax];
    private int _culpritCount;

    internal TraceHistogram()
    {
    }

    /// <summary>How many durations were added.</summary>
    public long Count { get; private set; }

    /// <summary>Their sum, in ns.</summary>
    public long Sum { get; private set; }

    /// <summary>The longest, in ns.</summary>
    public long Max { get; private set; }

    /// <summary>The worst, the longest first.</summary>
    public ReadOnlySpan<TraceCulprit> Culprits => _culprits.AsSpan(0, _culpritCount);

    /// <summary>The buckets that are not empty: from, up to (exclusive) and how many.</summary>
    public IEnumerable<(long From, long To, int Count)> Buckets
    {
        get
        {
            for (int i = 0; i < _counts.Length; i++)
            {
                if (_counts[i] > 0)
                {
                    yield return (BeginOf(i), BeginOf(i + 1), _counts[i]);
                }
            }
        }
    }

    /// <summary>
    /// The upper bound of the bucket that has the value of a rank, but at most <see cref="Max"/>; 0
    /// without values.
    /// </summary>
    /// <param name="share">From 0 to 1, such as 0.99.</param>
    public long Percentile(double share)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        for (int i = 0; i < _counts.Length; i++)
        {
            rank -= _counts[i];
            if (rank <= 0)
            {
                return Math.Min(Max, BeginOf(i + 1) - 1);
            }
        }

        return Max;
    }

    /// <summary>True if the value would be one of the worst.</summary>
    internal bool IsBad(long value) =>
        _culpritCount < CulpritsMax || value > _culprits[CulpritsMax - 1].Value;

    internal void Add(long value)
    {
        value = Math.Max(0, value);
        Count++;
        Sum += value;
        Max = Math.Max(Max, value);
        _counts[BucketOf(value)]++;
    }

    internal void AddCulprit(in TraceCulprit culprit)
    {
        int at = _culpritCount < CulpritsMax ? _culpritCount++ : CulpritsMax - 1;
        for (; at > 0 && _culprits[at - 1].Value < culprit.Value; at--)
        {
            _culprits[at] = _culprits[at - 1];
        }

        _culprits[at] = culprit;
    }

    internal TraceHistogram Clone()
    {
        var copy = (TraceHistogram)MemberwiseClone();
        copy._counts = [.. _counts];
        copy._culprits = [.. _culprits];
        return copy;
    }

    // The highest bit selects a group, the two bits below it a bucket of the group.
    private static int BucketOf(long value)
    {
        const long Small = 1 << PartsLog2;
        if (value < Small)
        {
            return (int)value;
        }

        int log = BitOperations.Log2((ulong)value);
        int part = (int)(value >> (log - PartsLog2)) & (int)(Small - 1);
        return ((log - PartsLog2 + 1) << PartsLog2) + part;
    }

    private static long BeginOf(int bucket)
    {
        const int Small = 1 << PartsLog2;
        if (bucket < Small)
        {
            return bucket;
        }

        int group = bucket >> PartsLog2;
        return group > 63 - PartsLog2
            ? long.MaxValue : (long)(Small + (bucket & (Small - 1))) << (group - 1);
    }
}
