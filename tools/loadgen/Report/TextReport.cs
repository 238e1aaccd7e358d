// The report: first exactly wrk's block, then, after an empty line, our additions.
//
// Scripts read wrk's block, so its lines keep wrk's widths, words and units. None of the lines that
// follow may contain the word that names the first row of its table: parsers look for it.
using System.Globalization;
using System.Text;

namespace Reactor.Tools.Loadgen;

/// <summary>Formats a result. Pure; any thread.</summary>
internal static class TextReport
{
    private static readonly CultureInfo s_invariant = CultureInfo.InvariantCulture;
    private static readonly decimal[] s_percents = [50, 75, 90, 99];

    private static readonly (FailureRow End, string Row)[] s_rows =
    [
        (FailureRow.Status, "status"),
        (FailureRow.Io, "io"),
        (FailureRow.Timeout, "timeout"),
    ];

    /// <summary>The first two lines, printed when a run starts.</summary>
    public static string Opening(RunDescription plan) => string.Create(
        s_invariant,
        $"""
        Running {DurationText.Format(plan.Duration)} test @ {plan.Url}
          1 threads and {plan.Connections} connections

        """);

    /// <summary>The rest, from the result.</summary>
    public static string Summary(LoadResult result)
    {
        var text = new StringBuilder();
        AppendTable(text, result);
        AppendDistribution(text, result.Times.Service.Finished);

        AppendTotals(text, result);
        text.Append('\n');
        AppendBeyondWrk(text, result);
        return text.ToString();
    }

    private static void AppendTable(StringBuilder text, LoadResult result)
    {
        Histogram times = result.Times.Service.Finished;
        double mean = times.Mean();
        double deviation = times.StandardDeviation();
        Line(text, $"  Thread Stats{"Avg",6}{"Stdev",11}{"Max",8}{"+/- Stdev",12}");
        AppendRow(
            text,
            "Latency",
            WrkUnits.Time(mean / 1000),
            WrkUnits.Time(deviation / 1000),
            WrkUnits.Time(times.Max / 1000.0),
            times.ShareWithin(mean - deviation, mean + deviation));

        IReadOnlyList<double> rates = result.Rates;
        double rate = rates.Count == 0 ? 0 : rates.Average();
        double squares = rates.Sum(one => (one - rate) * (one - rate));
        double spread = rates.Count < 2 ? 0 : Math.Sqrt(squares / (rates.Count - 1));
        int within = rates.Count(one => Math.Abs(one - rate) <= spread);
        AppendRow(
            text,
            "Req/Sec",
            WrkUnits.Metric(rate),
            WrkUnits.Metric(spread),
            WrkUnits.Metric(rates.Count == 0 ? 0 : rates.Max()),
            rates.Count == 0 ? 0 : (double)within / rates.Count);
    }

    private static void AppendRow(
        StringBuilder text,
        string name,
        string mean,
        string deviation,
        string max,
        double within) =>
        Line(
            text,
            $"    {name,-10}{Pad(mean, 8)}{Pad(deviation, 10)}{Pad(max, 9)}{within * 100,8:F2}%");

    private static void AppendDistribution(StringBuilder text, Histogram times)
    {
        Line(text, $"  Latency Distribution");
        foreach (decimal percent in s_percents)
        {
            string value = WrkUnits.Time(times.Percentile(percent) / 1000.0);
            Line(text, $"{percent,7:F0}%{Pad(value, 10)}");
        }
    }

    private static void AppendTotals(StringBuilder text, LoadResult result)
    {
        Tally books = result.Measured;
        double seconds = result.Elapsed.TotalSeconds;
        double perSecond = seconds > 0 ? 1 / seconds : 0;
        long responses = books.Completed;
        (string time, string bytes) = (WrkUnits.Time(seconds * 1e6), WrkUnits.Binary(books.Bytes));
        Line(text, $"  {responses} requests in {time}, {bytes}B read");
        long reads = books[FailureRow.Io] - books[Cause.BrokenPipe];
        long writes = books[Cause.BrokenPipe];
        long timeouts = books[FailureRow.Timeout];
        if (books.ConnectErrors + reads + writes + timeouts > 0)
        {
            text.Append(
                s_invariant,
                $"  Socket errors: connect {books.ConnectErrors}, read {reads}, " +
                $"write {writes}, timeout {timeouts}").Append('\n');
        }

        if (books[FailureRow.Status] > 0)
        {
            Line(text, $"  Non-2xx or 3xx responses: {books[FailureRow.Status]}");
        }

        Line(text, $"Requests/sec: {responses * perSecond,9:F2}");
        Line(text, $"Transfer/sec: {WrkUnits.Binary(books.Bytes * perSecond),10}B");
    }

    private static void AppendBeyondWrk(StringBuilder text, LoadResult result)
    {
        Tally warmUp = result.WarmUp;
        Line(text, $"Closed loop, service time; hides stalls");
        AppendBooks(text, "Accounting", result.Measured);
        if (warmUp.Sent + warmUp.ConnectErrors > 0)
        {
            AppendBooks(text, "Warm-up, excluded from the results", warmUp);
        }

        text.Append(
            s_invariant,
            $"Connections: {result.Connects} made, {result.Reconnects} of them reconnects, " +
            $"{result.Measured.ConnectErrors + warmUp.ConnectErrors} failed").Append('\n');
        if (result.Measured.Unasked + warmUp.Unasked is > 0 and long unasked)
        {
            Line(text, $"Unexpected responses: {unasked}, connections closed");
        }

        Histogram times = result.Times.Service.Finished;
        if (times.TooHigh + times.TooLow > 0)
        {
            Line(text, $"Out of range: {times.TooHigh} above an hour, {times.TooLow} below 0");
        }

        if (result.IsInterrupted)
        {
            Line(text, $"Interrupted: results up to that point");
        }
    }

    // Rows with zero requests are omitted, except the first two.
    private static void AppendBooks(StringBuilder text, string name, Tally books)
    {
        text.Append(s_invariant, $"{name}: {books.Scheduled} scheduled = ");
        text.Append(s_invariant, $"{books.Ok} ok");
        foreach ((FailureRow end, string row) in s_rows)
        {
            text.Append(s_invariant, $" + {books[end]} {row}");
        }

        text.Append(s_invariant, $" + {books.Dropped} dropped + {books.InFlight} in flight");

        text.Append('\n');
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(s_invariant)).Append('\n');

    // wrk aligns the digits: one blank after a value with a unit of one letter, two without a unit.
    private static string Pad(string value, int width)
    {
        int blanks = 2;
        blanks -= char.IsLetter(value[^1]) ? 1 : 0;
        blanks -= char.IsLetter(value[^2]) ? 1 : 0;
        return value.PadLeft(width - blanks) + new string(' ', blanks);
    }
}
