using System.Globalization;
using System.Text;
using Loadgen.Tests.Record;
using Reactor.Tools.Loadgen;
using Interval = Reactor.Tools.Loadgen.Interval;

namespace Loadgen.Tests.Report;

/// <summary>The interval log: by hand, and read back by three readers.</summary>
public class HlogReportTests
{
    [Test]
    public void The_header_is_that_of_version_1_3()
    {
        // 2026-03-01 12:00 UTC is 20,513 days and a half after the epoch.
        string[] lines = HlogReport.Of(Run([])).Split('\n');

        Assert.That(
            lines,
            Is.EqualTo([
                "#[Histogram log format version 1.3]",
                "#[StartTime: 1772366400.123 (seconds since epoch), 2026-03-01T12:00:00.123Z]",
                "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\"," +
                    "\"Interval_Compressed_Histogram\"",
                "",
            ]));
    }

    [Test]
    public void A_row_has_tag_begin_length_maximum_in_ms_and_bytes()
    {
        Histogram response = Histograms.Of(1, 12_345_678);
        string log = HlogReport.Of(Run([Of(2, 0.5, response, Histograms.Of(7))]));
        string[] rows = log.Split('\n')[3..];

        Assert.That(
            rows[0],
            Is.EqualTo(
                "Tag=response,2.000,0.500,12.346," +
                Convert.ToBase64String(HistogramCodec.Compress(response))));
        Assert.That(rows[1], Does.StartWith("Tag=service,2.000,0.500,0.000,HISTF"));
        Assert.That(rows[2..], Is.EqualTo([""]));
    }

    [Test]
    public void A_comment_counts_what_no_row_holds()
    {
        LoadResult result = Run([]);
        result.Times.Response.Unfinished.Record(1);

        Assert.That(
            HlogReport.Of(result),
            Does.Contain("\n#[Unfinished: 1 requests without a response are in no row]\n"));
    }

    [Test]
    public void T10_Our_reader_gets_back_every_counter_of_every_interval()
    {
        LoadResult result = Results.Of(3);
        List<HlogRow> rows = HlogReader.Read(HlogReport.Of(result));

        Assert.That(rows, Has.Count.EqualTo(2 * result.Intervals.Count));
        foreach ((Interval interval, HlogRow[] pair) in result.Intervals.Zip(rows.Chunk(2)))
        {
            Assert.That(pair.Select(row => row.Tag), Is.EqualTo(["response", "service"]));
            Assert.That(
                pair.Select(row => row.Start),
                Is.All.EqualTo((decimal)interval.Start.TotalSeconds));
            Assert.That(pair[0].Counters, Is.EqualTo(interval.Response.Counters.ToArray()));
            Assert.That(pair[1].Counters, Is.EqualTo(interval.Service.Counters.ToArray()));
        }
    }

    [Test]
    [Category("External")]
    public void T10_hdr_histogram_js_reads_every_interval()
    {
        LoadResult result = Results.Of(4);
        string output = HdrHistogramJs.Run(
            """
            const reader = new hdr.HistogramLogReader(input, 64, false);
            for (let h; (h = reader.nextIntervalHistogram()) != null; ) {
              console.log([h.tag, h.startTimeStampMsec.toFixed(0), h.endTimeStampMsec.toFixed(0),
                h.totalCount, h.getValueAtPercentile(50)].join(' '));
            }
            """,
            HlogReport.Of(result));

        Assert.That(
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Is.EqualTo(result.Intervals.SelectMany(interval => new[]
            {
                Expected(result, interval, "response", interval.Response),
                Expected(result, interval, "service", interval.Service),
            })));
    }

    [Test]
    public void T10_The_HdrHistogram_of_NuGet_reads_every_interval()
    {
        LoadResult result = Results.Of(4);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(HlogReport.Of(result)));
        using var reader = new HdrHistogram.HistogramLogReader(stream);
        HdrHistogram.HistogramBase[] read = [.. reader.ReadHistograms()];

        (string Tag, Histogram Histogram)[] written =
        [
            .. result.Intervals.SelectMany(interval => new[]
            {
                ("response", interval.Response),
                ("service", interval.Service),
            }),
        ];
        Assert.That(
            read.Select(one => (one.Tag, one.TotalCount)),
            Is.EqualTo(written.Select(one => (one.Tag, one.Histogram.Count))));
        int compared = 0;
        foreach ((HdrHistogram.HistogramBase theirs, Histogram ours) in
            read.Zip(written.Select(one => WithUpperEnds(one.Histogram))))
        {
            // Theirs is wrong from 2^41 ns up, see HistogramCodecTests.
            foreach (decimal percent in ((decimal[])[50, 99, 100])
                .Where(one => ours.Percentile(one) < 1L << 41))
            {
                // Theirs rounds the rank of a percentage, so it is asked for one that is a rank.
                long rank = Histogram.RankOf(percent, ours.Count);
                if (ours.AtRank(rank) < HistogramCodecTests.TheirsEnd)
                {
                    Assert.That(
                        theirs.GetValueAtPercentile(100.0 * rank / ours.Count),
                        Is.EqualTo(ours.Percentile(percent)),
                        $"p{percent} of {ours.Count}");
                    compared++;
                }
            }
        }

        Assert.That(compared, Is.AtLeast(written.Length), "the median at least is in their range");
    }

    private static string Expected(
        LoadResult result, Interval interval, string tag, Histogram histogram)
    {
        long start = (result.StartedAt + interval.Start).ToUnixTimeMilliseconds();
        double length = Math.Round(interval.Length.TotalMilliseconds);
        Histogram upperEnds = WithUpperEnds(histogram);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{tag} {start} {start + length} {histogram.Count} {upperEnds.Percentile(50)}");
    }

    // As others read it: without its exact maximum.
    private static Histogram WithUpperEnds(Histogram histogram)
    {
        var upperEnds = new Histogram();
        upperEnds.Merge(histogram);
        upperEnds.TryRestore(
            Math.Min(
                Histogram.HighestOf(histogram.Counters.Length - 1), Histogram.ValueMax), 0, 0);
        return upperEnds;
    }

    private static LoadResult Run(IReadOnlyList<Interval> intervals) => Results.Of(1) with
    {
        StartedAt = Results.Start,
        Times = new LoadTimes(),
        Intervals = intervals,
    };

    private static Interval Of(
        double start, double length, Histogram response, Histogram service) => new()
        {
            Start = TimeSpan.FromSeconds(start),
            Length = TimeSpan.FromSeconds(length),
            Response = response,
            Service = service,
        };
}
