namespace Reactor.Tools.Loadgen;

/// <summary>
/// Times of requests of which some have not ended: those that timed out, failed or were in flight
/// count as at least their age. One thread at a time; pure.
/// </summary>
/// <remarks>
/// A percentile ranks an unfinished request above every finished one, which is the case that does
/// not flatter. If the rank falls on an unfinished one, the percentile is unknown: the value is a
/// lower bound, printed with <c>&gt;</c>. It is the age of that one, or the longest finished time
/// if that is more, because by the ranking it took no less. So percentiles never decrease.
/// </remarks>
internal sealed class Distribution
{
    /// <summary>Requests with a complete response, in nanoseconds.</summary>
    public Histogram Finished { get; init; } = new();

    /// <summary>The ages of the unfinished, in nanoseconds.</summary>
    public Histogram Unfinished { get; init; } = new();

    /// <summary>All requests.</summary>
    public long Count => Finished.Count + Unfinished.Count;

    /// <summary>The value that a percentage of all requests does not exceed.</summary>
    /// <param name="percent">0 to 100.</param>
    /// <returns>A bound in nanoseconds, 0 without requests.</returns>
    public TimeBound Percentile(decimal percent)
    {
        long rank = Histogram.RankOf(percent, Count);
        return rank <= Finished.Count
            ? new TimeBound(Finished.AtRank(rank), IsLowerBound: false)
            : new TimeBound(
                Math.Max(Finished.Max, Finished.AtRank(rank, Unfinished)), IsLowerBound: true);
    }

    /// <summary>Adds the counts of another distribution.</summary>
    public void Merge(Distribution other)
    {
        Finished.Merge(other.Finished);
        Unfinished.Merge(other.Unfinished);
    }
}

/// <summary>A time, or a lower bound of it.</summary>
/// <param name="Nanoseconds">The time.</param>
/// <param name="IsLowerBound">True if the time is at least that, printed as <c>&gt;2.00s</c>.
/// </param>
internal readonly record struct TimeBound(long Nanoseconds, bool IsLowerBound);
