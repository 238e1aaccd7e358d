// The histograms of each interval as an HdrHistogram log, version 1.3 (.hlog). Java's
// HistogramLogAnalyzer and the readers of other languages accept it. Timestamps count from the
// start of the window, whose wall time is in the header; the maximum is in milliseconds.
//
// Two rows for each interval, by tag: response (from the schedule) and service (from the send).
// They hold complete responses; a comment counts the requests that have none.
using System.Globalization;
using System.Text;

namespace Reactor.Tools.Loadgen;

/// <summary>Formats a result as <c>.hlog</c>. Pure; any thread.</summary>
internal static class HlogReport
{
    private const decimal NanosecondsPerMs = 1_000_000;

    /// <summary>The log of all intervals, with line feeds.</summary>
    public static string Of(LoadResult result)
    {
        var text = new StringBuilder();
        DateTimeOffset start = result.StartedAt.ToUniversalTime();
        decimal seconds = (start - DateTimeOffset.UnixEpoch).Ticks
            / (decimal)TimeSpan.TicksPerSecond;
        Line(text, $"#[Histogram log format version 1.3]");
        Line(
            text,
            $"#[StartTime: {seconds:F3} (seconds since epoch), {start:yyyy-MM-ddTHH:mm:ss.fff}Z]");
        if (result.Times.Response.Unfinished.Count is > 0 and long unfinished)
        {
            Line(text, $"#[Unfinished: {unfinished} requests without a response are in no row]");
        }

        text.Append("\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",")
            .Append("\"Interval_Compressed_Histogram\"\n");
        foreach (Interval interval in result.Intervals)
        {
            AppendRow(text, "response", interval, interval.Response);
            AppendRow(text, "service", interval, interval.Service);
        }

        return text.ToString();
    }

    private static void AppendRow(
        StringBuilder text, string tag, Interval interval, Histogram histogram)
    {
        string bytes = Convert.ToBase64String(HistogramCodec.Compress(histogram));
        text.Append(
            CultureInfo.InvariantCulture,
            $"Tag={tag},{Seconds(interval.Start):F3},{Seconds(interval.Length):F3}," +
            $"{histogram.Max / NanosecondsPerMs:F3},{bytes}").Append('\n');
    }

    private static decimal Seconds(TimeSpan time) => time.Ticks / (decimal)TimeSpan.TicksPerSecond;

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
