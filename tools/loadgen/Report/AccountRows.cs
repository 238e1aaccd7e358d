using System.Globalization;
using System.Text;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// What became of each request: the accounting, the statuses and the failures by cause. Rows of
/// failures appear only if there are any. Pure; any thread.
/// </summary>
internal static class AccountRows
{
    private static readonly CultureInfo s_invariant = CultureInfo.InvariantCulture;

    private static readonly (FailureRow End, string Row)[] s_rows =
    [
        (FailureRow.Status, "status"),
        (FailureRow.Io, "io"),
        (FailureRow.Timeout, "timeout"),
    ];

    /// <summary>Appends the rows.</summary>
    public static void Append(StringBuilder text, LoadResult result)
    {
        AppendTally(text, "Accounting", result.Measured);
        Tally warmUp = result.WarmUp;
        if (warmUp.Scheduled + warmUp.ConnectErrors > 0)
        {
            AppendTally(text, "Warm-up", warmUp);
            ReportRow.Append(
                text,
                "At start",
                s_invariant,
                $"{result.InFlightAtStart} of the warm-up in flight when the window opened");
        }

        AppendStatus(text, result);
        AppendErrors(text, result);
        if (result.Tolerated.Count > 0)
        {
            var counts = result.Tolerated.OrderBy(one => one.Key, StringComparer.Ordinal)
                .Select(one => string.Create(s_invariant, $"{one.Key}: {one.Value}"));
            ReportRow.Append(text, "Tolerated", s_invariant, $"{string.Join(", ", counts)}");
        }

        if (result.Measured.Unasked + warmUp.Unasked is > 0 and long unasked)
        {
            ReportRow.Append(
                text,
                "Unasked",
                s_invariant,
                $"{unasked} responses without a request, connections closed");
        }

        Histogram times = result.Times.Response.Finished;
        if (times.TooHigh + times.TooLow > 0)
        {
            ReportRow.Append(
                text,
                "Range",
                s_invariant,
                $"{times.TooHigh} times above an hour, {times.TooLow} below 0");
        }
    }

    private static void AppendTally(StringBuilder text, string name, Tally books)
    {
        string failures = string.Concat(s_rows.Select(row =>
            string.Create(s_invariant, $" + {books[row.End]} {row.Row}")));
        ReportRow.Append(
            text,
            name,
            s_invariant,
            $"{books.Scheduled} scheduled = {books.Ok} ok{failures} + {books.Dropped} dropped" +
            $" + {books.InFlight} in flight");
    }

    private static void AppendStatus(StringBuilder text, LoadResult result)
    {
        var counts = result.Statuses.OrderBy(one => one.Key)
            .Select(one => string.Create(s_invariant, $"{one.Key}: {one.Value}"));
        string statuses = result.Statuses.Count == 0 ? "none" : string.Join(", ", counts);
        long failed = result.Measured.ConnectErrors + result.WarmUp.ConnectErrors;
        string failures = failed == 0 ? "" : string.Create(s_invariant, $", {failed} failed");
        string time = ReportRow.Percentile(result.Times.Connect, 50);
        ReportRow.Append(
            text,
            "Status",
            s_invariant,
            $"{statuses}        Connect {result.Connects} ok, {time}, " +
            $"{result.Reconnects} reconnects{failures}");
    }

    // From the start of the window, like all instants of the report.
    private static string When(TimeSpan at) =>
        at < TimeSpan.Zero ? "in the warm-up" : $"at {TimeText.Seconds(at)}";

    // With those of the warm-up, which may be the only ones. A connect may fail without failing a
    // request, and then has only its own count.
    private static void AppendErrors(StringBuilder text, LoadResult result)
    {
        string name = "Errors";
        foreach (Cause cause in Causes.All)
        {
            long requests = result.Measured[cause] + result.WarmUp[cause];
            long connects = result.ConnectFailures.GetValueOrDefault(cause);
            if (requests + connects == 0)
            {
                continue;
            }

            string counts = (requests, connects) switch
            {
                (_, 0) => string.Create(s_invariant, $"{requests} requests"),
                (0, _) => string.Create(s_invariant, $"{connects} connects"),
                _ => string.Create(s_invariant, $"{requests} requests, {connects} connects"),
            };
            ErrorExample? example = result.Examples.FirstOrDefault(one => one.Cause == cause);
            string first = example is null
                ? ""
                : $", first {When(example.At)}: {example.Text}";
            ReportRow.Append(
                text, name, s_invariant, $"{(int)cause} {Causes.NameOf(cause)}: {counts}{first}");
            name = "";
        }
    }
}
