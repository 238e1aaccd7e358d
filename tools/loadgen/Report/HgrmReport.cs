// The percentile distribution that wrk2 prints and that HdrHistogram's plotter reads (.hgrm), in
// milliseconds.
//
// The rows are those of every HdrHistogram library: percentiles in steps of a fifth of the half of
// the distance that is left to 100 %, each with the upper end of its counter. So the last row may
// exceed the exact maximum below it, by at most a 1024th. Mean and deviation take the middle of a
// counter as those libraries do, rounded up, and the deviation is that of a population.
using System.Globalization;
using System.Text;

namespace Reactor.Tools.Loadgen;

/// <summary>Formats a distribution as <c>.hgrm</c>. Pure; any thread.</summary>
internal static class HgrmReport
{
    /// <summary>Steps for each half of the distance to 100 %.</summary>
    private const int TicksPerHalf = 5;

    private const double NanosecondsPerMs = 1_000_000;
    private const int Buckets = 32;
    private const int SubBuckets = 2048;

    /// <summary>
    /// The response times of a result. Unfinished requests count with their age, and a comment says
    /// how many they are: without them the plot would flatter.
    /// </summary>
    public static string Of(LoadResult result)
    {
        Distribution times = result.Times.Response;
        var all = new Histogram();
        all.Merge(times.Finished);
        all.Merge(times.Unfinished);
        string comment = times.Unfinished.Count == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"#[Unfinished = {times.Unfinished.Count} requests, counted with their age]\n");
        return Format(all) + comment;
    }

    /// <summary>The distribution of a histogram.</summary>
    public static string Format(Histogram histogram)
    {
        var text = new StringBuilder();
        Line(text, $"{"Value",12} {"Percentile",14} {"TotalCount",10} {"1/(1-Percentile)",14}");
        text.Append('\n');
        AppendRows(text, histogram);
        (double mean, double deviation) = Moments(histogram);
        Line(text, $"#[Mean    = {Ms(mean),12}, StdDeviation   = {Ms(deviation),12}]");
        Line(text, $"#[Max     = {Ms(histogram.Max),12}, Total count    = {histogram.Count,12}]");
        Line(text, $"#[Buckets = {Buckets,12}, SubBuckets     = {SubBuckets,12}]");
        return text.ToString();
    }

    private static void AppendRows(StringBuilder text, Histogram histogram)
    {
        ReadOnlySpan<long> counters = histogram.Counters;
        double level = 0;
        long seen = 0;
        for (int i = 0; seen < histogram.Count; i++)
        {
            seen += counters[i];
            while (counters[i] > 0 && seen < histogram.Count
                && 100.0 * seen / histogram.Count >= level)
            {
                AppendRow(text, i, level, seen);
                level = Next(level);
            }

            if (seen == histogram.Count)
            {
                // The largest value has the row of its percentile, and that of 100 %.
                AppendRow(text, i, level, seen);
                Line(text, $"{Ms(Histogram.HighestOf(i)),12} {Fixed(1, 12)} {seen,10}");
            }
        }
    }

    private static void AppendRow(StringBuilder text, int index, double level, long seen)
    {
        string value = Ms(Histogram.HighestOf(index));
        string percentile = Fixed(level / 100, 12);
        Line(text, $"{value,12} {percentile} {seen,10} {Fixed(1 / (1 - (level / 100)), 2),14}");
    }

    private static double Next(double level)
    {
        double halves = Math.Floor(Math.Log2(100 / (100 - level))) + 1;
        return level + (100 / (TicksPerHalf * Math.Pow(2, halves)));
    }

    private static (double Mean, double Deviation) Moments(Histogram histogram)
    {
        ReadOnlySpan<long> counters = histogram.Counters;
        double sum = 0;
        for (int i = 0; i < counters.Length; i++)
        {
            sum += (double)counters[i] * MiddleOf(i);
        }

        double mean = histogram.Count == 0 ? 0 : sum / histogram.Count;
        double squares = 0;
        for (int i = 0; i < counters.Length; i++)
        {
            double distance = MiddleOf(i) - mean;
            squares += distance * distance * counters[i];
        }

        return (mean, histogram.Count == 0 ? 0 : Math.Sqrt(squares / histogram.Count));
    }

    private static long MiddleOf(int index)
    {
        long highest = Histogram.HighestOf(index);
        long width = index == 0 ? 1 : highest - Histogram.HighestOf(index - 1);
        return highest - width + 1 + (width / 2);
    }

    private static string Ms(double nanoseconds) => Fixed(nanoseconds / NanosecondsPerMs, 3);

    // Rounds the shortest decimal of the number, half away from zero, as JavaScript's formatter
    // does; the format F3 of a double rounds its exact binary value.
    private static string Fixed(double value, int digits)
    {
        decimal number = decimal.Parse(
            value.ToString("R", CultureInfo.InvariantCulture),
            NumberStyles.Float,
            CultureInfo.InvariantCulture);
        return decimal.Round(number, digits, MidpointRounding.AwayFromZero)
            .ToString($"F{digits}", CultureInfo.InvariantCulture);
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
