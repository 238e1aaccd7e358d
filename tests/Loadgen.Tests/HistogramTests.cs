using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>
/// The histogram against answers that were thought out, and against a sorted list.
/// </summary>
public class HistogramTests
{
    [Test]
    public void An_empty_histogram_answers_zero()
    {
        var empty = new Histogram();

        Assert.That(empty.Percentile(50), Is.Zero);
        Assert.That(empty.Mean(), Is.Zero);
        Assert.That(empty.StandardDeviation(), Is.Zero);
        Assert.That(empty.ShareWithin(0, 1), Is.Zero);
        Assert.That(empty.Max, Is.Zero);
    }

    [Test]
    public void Below_2048_every_value_has_a_counter_of_its_own()
    {
        Histogram histogram = Of([.. Enumerable.Range(0, 2048).Select(value => (long)value)]);

        Assert.That(histogram.Percentile(50), Is.EqualTo(1023)); // the 1024th of 0 … 2047
        Assert.That(histogram.Percentile(100), Is.EqualTo(2047));
        Assert.That(histogram.Mean(), Is.EqualTo(1023.5));
    }

    [TestCase(2048, 2049)] // the first counters that are two wide
    [TestCase(2049, 2049)]
    [TestCase(4095, 4095)]
    [TestCase(4096, 4099)] // four wide
    [TestCase(1_000_000, 1_000_447)] // 2^19 <= v < 2^20: 512 wide, 1953 * 512 = 999,936
    public void A_percentile_is_the_upper_end_of_its_counter(long value, long end)
    {
        Histogram histogram = Of(value, Histogram.ValueMax);

        Assert.That(histogram.Percentile(50), Is.EqualTo(end));
    }

    [Test]
    public void A_percentile_is_never_above_the_largest_value() =>
        Assert.That(Of(1_000_000).Percentile(50), Is.EqualTo(1_000_000));

    [TestCase("0", 1)]
    [TestCase("10", 1)]
    [TestCase("10.1", 2)]
    [TestCase("50", 5)]
    [TestCase("90", 9)]
    [TestCase("99", 10)]
    [TestCase("100", 10)]
    public void In_ten_samples_each_tenth_is_a_rank(string percent, long value) =>
        Assert.That(
            Of(10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
                .Percentile(decimal.Parse(percent, CultureInfo.InvariantCulture)),
            Is.EqualTo(value));

    [Test]
    public void The_rank_of_99_9_percent_of_a_thousand_is_999()
    {
        Histogram histogram = Of([.. Enumerable.Range(1, 1000).Select(value => (long)value)]);

        Assert.That(histogram.Percentile(99.9m), Is.EqualTo(999));
    }

    [Test]
    public void Mean_deviation_and_share_of_a_small_set()
    {
        // Mean 5; the squares 9, 1, 1, 1, 0, 0, 4, 16 add up to 32, over 7.
        Histogram histogram = Of(2, 4, 4, 4, 5, 5, 7, 9);

        Assert.That(histogram.Mean(), Is.EqualTo(5));
        Assert.That(histogram.StandardDeviation(), Is.EqualTo(Math.Sqrt(32 / 7.0)).Within(1e-12));
        Assert.That(histogram.ShareWithin(4, 7), Is.EqualTo(6 / 8.0));
    }

    [Test]
    public void What_is_out_of_range_is_counted_at_the_border_and_told()
    {
        Histogram histogram = Of(-5, Histogram.ValueMax, Histogram.ValueMax + 1, long.MaxValue);

        Assert.That(histogram.Count, Is.EqualTo(4));
        Assert.That(histogram.TooLow, Is.EqualTo(1));
        Assert.That(histogram.TooHigh, Is.EqualTo(2));
        Assert.That(histogram.Max, Is.EqualTo(Histogram.ValueMax));
        Assert.That(histogram.Percentile(25), Is.Zero);
        Assert.That(histogram.Percentile(50), Is.EqualTo(Histogram.ValueMax));
    }

    [Test]
    [Category("Measured")]
    public void Recording_allocates_nothing()
    {
        var histogram = new Histogram();
        histogram.Record(1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (long value = 0; value < 100_000; value++)
        {
            histogram.Record(value * 1000);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [FsCheck.NUnit.Property]
    public Property A_percentile_is_that_of_the_sorted_list_to_a_1024th() => Prop.ForAll(
        Values(),
        Gen.Choose(0, 1000).ToArbitrary(),
        (values, permille) =>
        {
            decimal percent = permille / 10m;
            long[] sorted = [.. values.Order()];
            long rank = Math.Max(1, (long)Math.Ceiling(percent * sorted.Length / 100));
            long exact = sorted[rank - 1];
            long told = Of(values).Percentile(percent);
            return told >= exact && told - exact <= exact / 1024;
        });

    [FsCheck.NUnit.Property]
    public Property Merging_is_recording_everything_into_one() => Prop.ForAll(
        Values(),
        Values(),
        (first, second) =>
        {
            Histogram merged = Of(first);
            merged.Merge(Of(second));
            Histogram whole = Of([.. first, .. second]);
            return merged.Count == whole.Count && merged.Max == whole.Max
                && merged.Mean() == whole.Mean()
                && merged.StandardDeviation() == whole.StandardDeviation()
                && Enumerable.Range(0, 101).All(
                    percent => merged.Percentile(percent) == whole.Percentile(percent));
        });

    // Every magnitude is as likely as every other, from nothing to an hour.
    private static Arbitrary<long[]> Values()
    {
        Gen<long> value = Gen.Choose(0, 41).SelectMany(
            bits => Gen.Choose(0, int.MaxValue),
            (bits, random) => Math.Min(
                Histogram.ValueMax, (1L << bits) + (long)(random / 2147483647.0 * (1L << bits))));
        return Gen.NonEmptyListOf(value).Select(list => list.ToArray()).ToArbitrary();
    }

    private static Histogram Of(params long[] values)
    {
        var histogram = new Histogram();
        foreach (long value in values)
        {
            histogram.Record(value);
        }

        return histogram;
    }
}
