using System.Globalization;
using Loadgen.Tests.Record;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Report;

/// <summary>The percentile distribution: by hand, and each row against hdr-histogram-js.</summary>
public class HgrmReportTests
{
    // Steps of 10 % up to 50 %, then of 5 %; the largest value has a row of its step and of 100 %.
    // Mean of 1 ms and 3 ms, in the middles of counters 512 and 2048 wide (rounded up):
    // 999,936 + 256 and 2,998,272 + 1,024; half of the distance is the deviation.
    private const string TwoValues = """
               Value     Percentile TotalCount 1/(1-Percentile)

               1.000 0.000000000000          1           1.00
               1.000 0.100000000000          1           1.11
               1.000 0.200000000000          1           1.25
               1.000 0.300000000000          1           1.43
               1.000 0.400000000000          1           1.67
               1.000 0.500000000000          1           2.00
               3.000 0.550000000000          2           2.22
               3.000 1.000000000000          2
        #[Mean    =        2.000, StdDeviation   =        1.000]
        #[Max     =        3.000, Total count    =            2]
        #[Buckets =           32, SubBuckets     =         2048]

        """;

    [Test]
    public void The_table_of_two_values() =>
        Assert.That(HgrmReport.Format(Histograms.Of(1_000_000, 3_000_000)), Is.EqualTo(TwoValues));

    [Test]
    public void Without_samples_there_are_no_rows() =>
        Assert.That(
            HgrmReport.Format(new Histogram()).Split('\n')[2],
            Is.EqualTo("#[Mean    =        0.000, StdDeviation   =        0.000]"));

    [Test]
    public void Unfinished_requests_count_with_their_age_and_a_comment_says_so()
    {
        LoadResult result = Results.Of(1) with { Times = new LoadTimes() };
        result.Times.Response.Finished.Record(1_000_000);
        result.Times.Response.Unfinished.Record(3_000_000);

        Assert.That(
            HgrmReport.Of(result),
            Is.EqualTo(TwoValues + "#[Unfinished = 1 requests, counted with their age]\n"));
    }

    [Test]
    [Category("External")]
    public void T10_Every_row_is_what_hdr_histogram_js_prints_for_the_same_values()
    {
        foreach (long[] values in Samples())
        {
            string theirs = HdrHistogramJs.Run(
                """
                const h = make();
                input.split(' ').forEach(v => h.recordValue(Number(v)));
                process.stdout.write(h.outputPercentileDistribution(5, 1e6));
                """,
                string.Join(' ', values.Select(one => one.ToString(CultureInfo.InvariantCulture))));

            Assert.That(
                HgrmReport.Format(Histograms.Of(values)).Split('\n'),
                Is.EqualTo(theirs.Split('\n')));
        }
    }

    [Test]
    [Category("External")]
    public void T10_hdr_histogram_js_reads_our_histogram_and_prints_the_same_rows()
    {
        foreach (long[] values in Samples())
        {
            Histogram histogram = Histograms.Of(values);
            string theirs = HdrHistogramJs.Run(
                """
                const h = hdr.decodeFromCompressedBase64(input, 64, false);
                process.stdout.write(h.outputPercentileDistribution(5, 1e6));
                """,
                Convert.ToBase64String(HistogramCodec.Compress(histogram)));

            // Its maximum is then the upper end of the counter.
            Assert.That(
                HgrmReport.Format(histogram).Split('\n').Where(IsNoMaximum),
                Is.EqualTo(theirs.Split('\n').Where(IsNoMaximum)));
        }
    }

    private static bool IsNoMaximum(string line) =>
        !line.StartsWith("#[Max", StringComparison.Ordinal);

    // One value; the same value often; uniform; every magnitude up to an hour; rounding at a half.
    private static IEnumerable<long[]> Samples()
    {
        var random = new Random(20260301);
        yield return [0];
        yield return [1];
        yield return [500, 1_500, 2_500, 1_000_500, 1_001_500];
        yield return [.. Enumerable.Repeat(1_234_567L, 10_000), 3_600_000_000_000];
        yield return [.. Enumerable.Range(1, 100_000).Select(one => one * 1_000L)];
        yield return [.. Enumerable.Range(0, 20_000).Select(_ => 1L << random.Next(42))];
        yield return [.. Enumerable.Range(0, 20_000).Select(_ => random.NextInt64(5_000_000_000))];
    }
}
