using System.Numerics;
using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>Shows a histogram in buckets of a power of two, with its worst values.</summary>
internal static class HistogramViews
{
    private const int CulpritsMax = 5;

    public static HistogramView Of(string name, TraceHistogram histogram, TraceNames names)
    {
        var counts = new SortedDictionary<int, long>();
        foreach ((long from, _, int count) in histogram.Buckets)
        {
            int log = BitOperations.Log2((ulong)Math.Max(1, from));
            counts[log] = counts.GetValueOrDefault(log) + count;
        }

        var buckets = new List<BucketView>();
        if (counts.Count > 0)
        {
            for (int log = counts.Keys.First(); log <= counts.Keys.Last(); log++)
            {
                buckets.Add(new BucketView(1L << log, counts.GetValueOrDefault(log)));
            }
        }

        var culprits = new List<CulpritView>();
        foreach (ref readonly TraceCulprit one in histogram.Culprits)
        {
            if (culprits.Count < CulpritsMax && one.Value > 0)
            {
                culprits.Add(Show(one, names));
            }
        }

        return new HistogramView(
            name, histogram.Count, histogram.Percentile(0.5), histogram.Percentile(0.99),
            histogram.Max, buckets, culprits);
    }

    private static CulpritView Show(in TraceCulprit one, TraceNames names)
    {
        string? causePlace = StateReader.PlaceOf(one.CausePlace, names);
        string? cause = one.Cause == 0 ? null
            : causePlace is null ? names[one.Cause] : $"{names[one.Cause]} {causePlace}";
        return new CulpritView(
            one.Name == 0 ? "-" : names[one.Name], StateReader.PlaceOf(one.Place, names),
            one.Value, one.Time, one.Turn, one.Event, cause);
    }
}
