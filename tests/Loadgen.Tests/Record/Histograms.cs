using FsCheck;
using FsCheck.Fluent;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Record;

/// <summary>Histograms for tests, and when two are equal.</summary>
internal static class Histograms
{
    /// <summary>A histogram of the values.</summary>
    public static Histogram Of(params long[] values)
    {
        var histogram = new Histogram();
        foreach (long value in values)
        {
            histogram.Record(value);
        }

        return histogram;
    }

    /// <summary>Every magnitude is as likely as every other, from 0 to an hour.</summary>
    public static Arbitrary<long[]> Values()
    {
        Gen<long> value = Gen.Choose(0, 41).SelectMany(
            bits => Gen.Choose(0, int.MaxValue),
            (bits, random) => Math.Min(
                Histogram.ValueMax, (1L << bits) + (long)(random / 2147483647.0 * (1L << bits))));
        return Gen.NonEmptyListOf(value).Select(list => list.ToArray()).ToArbitrary();
    }

    /// <summary>Whether every counter and what is counted beside them are equal.</summary>
    public static bool AreEqual(Histogram one, Histogram other) =>
        one.Counters.SequenceEqual(other.Counters)
        && (one.Count, one.Max, one.TooLow, one.TooHigh)
            == (other.Count, other.Max, other.TooLow, other.TooHigh);
}
