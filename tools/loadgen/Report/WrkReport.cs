// wrk's report, byte by byte in its widths, words and units, because scripts read it.
//
// Two additions are ours, and appear only where wrk would print a wrong number: a time in which
// requests without a response have a part is a lower bound, printed with ">", and a time without
// enough samples is "–". Mean and deviation count those requests with their age.
using System.Globalization;
using System.Text;

namespace Reactor.Tools.Loadgen;

/// <summary>Formats a result as wrk does. Pure; any thread.</summary>
internal static class WrkReport
{
    private static readonly CultureInfo s_invariant = CultureInfo.InvariantCulture;
    private static readonly decimal[] s_percents = [50, 75, 90, 99];

    /// <summary>The first two lines, printed when a run starts.</summary>
    public static string Opening(RunDescription run) => string.Create(
        s_invariant,
        $"""
        Running {LengthOf(run)} test @ {run.Url}
          {run.Threads} threads and {run.Connections} connections

        """);

    /// <summary>The rest, from the result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="showsDistribution">True to print the percentiles, wrk's --latency.</param>
    public static string Of(LoadResult result, bool showsDistribution)
    {
        var text = new StringBuilder();
        Distribution times = TimesOf(result);
        AppendTable(text, result, times);
        if (showsDistribution)
        {
            AppendDistribution(text, times);
        }

        AppendTotals(text, result);
        return text.ToString();
    }

    /// <summary>The times that wrk's rows show: from the schedule if there is one.</summary>
    public static Distribution TimesOf(LoadResult result) =>
        result.Run.IsOpenLoop ? result.Times.Response : result.Times.Service;

    /// <summary>The table of wrk and wrk2.</summary>
    public static void AppendTable(StringBuilder text, LoadResult result, Distribution times)
    {
        text.Append(
            s_invariant, $"  Thread Stats{"Avg",6}{"Stdev",11}{"Max",8}{"+/- Stdev",12}\n");
        if (times.Count == 0)
        {
            AppendRow(
                text,
                ["Latency", TimeText.Unknown, TimeText.Unknown, TimeText.Unknown],
                $"{TimeText.Unknown}  ");
        }
        else
        {
            var all = new Histogram();
            all.Merge(times.Finished);
            all.Merge(times.Unfinished);
            (double mean, double deviation) = (all.Mean(), all.StandardDeviation());
            AppendRow(
                text,
                [
                    "Latency",
                    WrkUnits.Time(mean / 1000),
                    WrkUnits.Time(deviation / 1000),
                    Time(times.Percentile(100)),
                ],
                Percent(all.ShareWithin(mean - deviation, mean + deviation)));
        }

        IReadOnlyList<double> rates = result.Rates;
        double rate = rates.Count == 0 ? 0 : rates.Average();
        double squares = rates.Sum(one => (one - rate) * (one - rate));
        double spread = rates.Count < 2 ? 0 : Math.Sqrt(squares / (rates.Count - 1));
        int within = rates.Count(one => Math.Abs(one - rate) <= spread);
        AppendRow(
            text,
            [
                "Req/Sec",
                WrkUnits.Metric(rate),
                WrkUnits.Metric(spread),
                WrkUnits.Metric(rates.Count == 0 ? 0 : rates.Max()),
            ],
            Percent(rates.Count == 0 ? 0 : (double)within / rates.Count));
    }

    /// <summary>The lines after the distribution, the same in wrk and wrk2.</summary>
    public static void AppendTotals(StringBuilder text, LoadResult result)
    {
        Tally books = result.Measured;
        double seconds = result.Elapsed.TotalSeconds;
        double perSecond = seconds > 0 ? 1 / seconds : 0;
        (string time, string bytes) = (WrkUnits.Time(seconds * 1e6), WrkUnits.Binary(books.Bytes));
        text.Append(s_invariant, $"  {books.Completed} requests in {time}, {bytes}B read\n");
        // A request that failed by a connect is in the number of connects already.
        long writes = books[Cause.BrokenPipe];
        long reads = books[FailureRow.Io] - writes
            - Causes.All.Where(Causes.IsConnect).Sum(cause => books[cause]);
        long timeouts = books[FailureRow.Timeout];
        if (books.ConnectErrors + reads + writes + timeouts > 0)
        {
            text.Append(
                s_invariant,
                $"  Socket errors: connect {books.ConnectErrors}, read {reads}, " +
                $"write {writes}, timeout {timeouts}\n");
        }

        long others = result.Statuses.Sum(one => one.Key is >= 200 and < 400 ? 0 : one.Value);
        if (others > 0)
        {
            text.Append(s_invariant, $"  Non-2xx or 3xx responses: {others}\n");
        }

        text.Append(s_invariant, $"Requests/sec: {books.Completed * perSecond,9:F2}\n");
        text.Append(
            s_invariant, $"Transfer/sec: {WrkUnits.Binary(books.Bytes * perSecond),10}B\n");
    }

    /// <summary>A time in wrk's units, or its lower bound.</summary>
    public static string Time(TimeBound time) =>
        (time.IsLowerBound ? ">" : "") + WrkUnits.Time(time.Nanoseconds / 1000.0);

    /// <summary>
    /// Aligns a value as wrk does: one blank after a unit of one letter, two without a unit, so
    /// that the digits stand in one column.
    /// </summary>
    public static string Pad(string value, int width)
    {
        int blanks = 2 - value.TakeLast(2).Count(char.IsLetter);
        string padded = value.PadLeft(width - blanks) + new string(' ', blanks);
        return padded[0] == '>' ? " " + padded : padded; // a bound is longer than wrk's times
    }

    // With an exact number alone, the duration is only the longest that is possible.
    private static string LengthOf(RunDescription run) =>
        run.Count is { } count && run.Duration == DurationText.Max
            ? string.Create(s_invariant, $"{count} requests")
            : DurationText.Format(run.Duration);

    private static void AppendDistribution(StringBuilder text, Distribution times)
    {
        text.Append("  Latency Distribution\n");
        foreach (decimal percent in s_percents)
        {
            string value = SampleRule.IsKnown(percent, times.Count)
                ? Time(times.Percentile(percent)) : TimeText.Unknown;
            text.Append(s_invariant, $"{percent,7:F0}%{Pad(value, 10)}\n");
        }
    }

    private static void AppendRow(StringBuilder text, string[] cells, string within) => text.Append(
        s_invariant,
        $"    {cells[0],-10}{Pad(cells[1], 8)}{Pad(cells[2], 10)}{Pad(cells[3], 9)}{within,9}\n");

    private static string Percent(double share) => string.Create(s_invariant, $"{share * 100:F2}%");
}
