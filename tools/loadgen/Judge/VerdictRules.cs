// The rules of the verdict, in their order. The first that applies is the verdict, because each
// one makes those after it meaningless:
//
//  1. The client, by a connect that it had no descriptor or port for: whatever is missing then, it
//     is not the server that failed.
//  2. No sample: there is nothing to judge.
//  3. The server went away, or stalled so that the rate varied. This stands before the rules that
//     compare achieved with asked, because the missing responses are the stall's; and before the
//     client's lag, which does not explain a silence ten times as long as its worst.
//  4. The client, by its lag or its lateness. Both are its own, whatever the server does: the pacer
//     releases requests in time while a server is stopped, they then wait in the queue, and the
//     queue does not count against the client.
//  5. The client, by its CPU: only together with missing responses, so it follows the stall.
//     Time spent spinning for a release does not count, it is given up when there is work.
//  6. Too few connections: requests waited or were dropped while the server answered at once.
//  7. The server did not keep up, or lost requests of a closed loop.
//  8. Noise without a stall.
//  9. Too few samples for a printed percentile.
using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>Finds the verdict and its reason. Pure; any thread.</summary>
internal static class VerdictRules
{
    /// <summary>A share of the asked requests below which the rate was not achieved.</summary>
    public const double AchievedMin = 0.99;

    /// <summary>The share of its threads' time from which the client is busy.</summary>
    public const double ClientLoadMax = 0.90;

    /// <summary>The coefficient of variation from which a run is noisy.</summary>
    public const double VariationMax = 0.10;

    /// <summary>The part of a short window that a stall must exceed to make it noisy.</summary>
    public const double StallShareMax = 0.10;

    private const long LagFloor = 1_000_000;
    private const long LatenessFloor = Evidence.LatenessFloor;

    private static readonly CultureInfo s_invariant = CultureInfo.InvariantCulture;

    /// <summary>Applies the rules.</summary>
    /// <param name="evidence">What the result says.</param>
    /// <param name="percentiles">The printed percentiles.</param>
    public static (Verdict Verdict, string Reason) Apply(
        Evidence evidence, IReadOnlyList<decimal> percentiles)
    {
        if (Shortage(evidence.Result) is { } shortage)
        {
            return (Verdict.ClientLimited, shortage);
        }

        if (evidence.Result.Measured.Completed == 0)
        {
            return (Verdict.TooFewSamples, Unanswered(evidence.Result));
        }

        if (Stalled(evidence) is { } stalled)
        {
            return (Verdict.Noisy, stalled);
        }

        if (ClientIsLate(evidence) is { } late)
        {
            return (Verdict.ClientLimited, late);
        }

        if (ClientIsBusy(evidence) is { } busy)
        {
            return (Verdict.ClientLimited, busy);
        }

        if (Full(evidence) is { } full)
        {
            return full;
        }

        if (evidence.Variation > VariationMax)
        {
            return (Verdict.Noisy, Text(
                $"{Varied(evidence)}. Repeat the run on a quiet machine, or make it longer."));
        }

        return Few(percentiles, evidence.Result.Times.Response.Count) is { } few
            ? (Verdict.TooFewSamples, few)
            : (Verdict.Valid, Remark(evidence));
    }

    private static string? Shortage(LoadResult result)
    {
        long descriptors = result.ConnectFailures.GetValueOrDefault(Cause.Descriptors);
        long ports = result.ConnectFailures.GetValueOrDefault(Cause.Ports);
        return descriptors > 0
            ? Text($"this program had no descriptor left for {descriptors} connects. ") +
                "Raise its limit (ulimit -n), or lower -c."
            : ports > 0
            ? Text($"this machine had no local port left for {ports} connects. ") +
                "A closed connection keeps its port for a minute: keep connections, or lower " +
                "the rate."
            : null;
    }

    private static string Unanswered(LoadResult result) =>
        result.Measured.Scheduled == 0 ? "no request was due in the window."
        : result.WarmUp.Completed > 0
            ? "the server answered only the warm-up: no request of the window has a response."
        : "the server did not answer: no request has a response.";

    private static string? ClientIsLate(Evidence evidence)
    {
        // Times are whole nanoseconds, so the tenth compares as a product without rounding.
        if (evidence.LagP99 > LagFloor && evidence.LagP99 * 10 > evidence.ResponseP99)
        {
            return Text(
                $"the loop of this program ran late: its lag p99 is {Time(evidence.LagP99)}, ") +
                Text($"more than {Time(Math.Max(LagFloor, evidence.ResponseP99 / 10))}. ") +
                Remedy(evidence, "Use more threads (-t), fewer connections");
        }

        return evidence.LatenessP99 > LatenessFloor
            && evidence.LatenessP99 * 10 > evidence.ResponseP99
            ? Text(
                $"this program released requests late: p99 {Time(evidence.LatenessP99)}, ") +
                Text($"more than {Time(Math.Max(LatenessFloor, evidence.ResponseP99 / 10))}. ") +
                Remedy(evidence, "Lower the rate, use more threads (-t)")
            : null;
    }

    // More threads do not help a program that others keep from its processor.
    private static string Remedy(Evidence evidence, string ifBusy) =>
        evidence.ClientLoad < ClientLoadMax / 2
            ? Text($"It used only {Percent(evidence.ClientLoad)} of its threads, so something ") +
                "else held the processor: stop other programs, or use a machine of its own."
            : $"{ifBusy}, or a machine of its own.";

    private static string? Stalled(Evidence evidence)
    {
        if (evidence.WentAwayAt is { } end)
        {
            return Text($"the server went away at {TimeText.Seconds(end)}. ") +
                "The result describes only the time before that.";
        }

        bool varied = evidence.Variation > VariationMax;
        bool stallsShortRun = evidence.Variation is null
            && evidence.Silence.Length > evidence.Result.Elapsed * StallShareMax;
        if (evidence.Stall is null || !(varied || stallsShortRun))
        {
            return null;
        }

        return Text($"no response for {TimeText.Seconds(evidence.Silence.Length)}, from ") +
            TimeText.Seconds(evidence.Silence.Begin) + " on" +
            (varied ? $"; {Varied(evidence)}. " : ". ") +
            "Find out why the server stopped; no single rate describes this run.";
    }

    private static string? ClientIsBusy(Evidence evidence) =>
        evidence.Achieved < AchievedMin && evidence.ClientLoad > ClientLoadMax
            ? Text($"this program used {Percent(evidence.ClientLoad)} of its threads and ") +
                Text($"achieved {Percent(evidence.Achieved.Value)} of the asked requests. ") +
                "Use more threads (-t) or a machine of its own."
            : null;

    private static (Verdict Verdict, string Reason)? Full(Evidence evidence)
    {
        Tally books = evidence.Result.Measured;
        if (evidence.Achieved is not { } achieved)
        {
            return Lossy(evidence) is { } lossy ? (Verdict.ServerSaturated, lossy) : null;
        }

        bool waited = evidence.QueueP99 > LatenessFloor
            && evidence.QueueP99 * 10 > evidence.ResponseP99
            && !evidence.StallExplainsQueue;
        bool dropped = IsMany(books.Dropped, books) && !evidence.StallExplainsDrops;
        if ((waited || dropped) && evidence.AnswersAtOnce)
        {
            string what = waited
                ? Text($"requests waited up to {Time(evidence.QueueP99)} (p99) for a connection")
                : Text($"{books.Dropped} requests were dropped for want of a connection");
            return (Verdict.ConnectionLimited,
                Text($"{what}, while the server answered each in ") +
                Text($"{Time(evidence.ServiceMedian)} (p50). Raise -c."));
        }

        string lower = "Lower the rate (-R), or take this as the server's limit.";
        if (achieved < AchievedMin)
        {
            long lost = books[FailureRow.Io] + books[FailureRow.Timeout];
            string failures = lost == 0 ? "" : Text($"; {lost} requests failed without a response");
            return (Verdict.ServerSaturated,
                Text($"{Percent(achieved)} of the asked requests were answered{failures}. ") +
                lower);
        }

        return waited
            ? (Verdict.ServerSaturated, Text(
                $"requests waited up to {Time(evidence.QueueP99)} (p99) behind others. ") + lower)
            : null;
    }

    // A closed loop asks for no rate, but for an answer to each request. It always ends with some
    // in flight, which are lost only if the drain left them the time of others.
    private static string? Lossy(Evidence evidence)
    {
        Tally books = evidence.Result.Measured;
        long drain = evidence.Result.Run.Drain.Ticks * TimeSpan.NanosecondsPerTick;
        long inFlight = drain > evidence.ServiceMedian ? books.InFlight : 0;
        long lost = books[FailureRow.Io] + books[FailureRow.Timeout] + inFlight;
        return IsMany(lost, books)
            ? Text($"{lost} of {books.Scheduled} requests have no response, {inFlight} of ") +
                "them in flight at the end. Lower -c, or find out why the server loses them."
            : null;
    }

    private static bool IsMany(long count, Tally books) =>
        count > (1 - (decimal)AchievedMin) * books.Scheduled;

    private static string? Few(IReadOnlyList<decimal> percentiles, long count)
    {
        decimal[] unknown = [.. percentiles.Where(one => !SampleRule.IsKnown(one, count))];
        if (unknown.Length == 0)
        {
            return null;
        }

        string names = string.Join(", ", unknown.Select(one => Text($"p{one:0.#######}")));
        return Text($"{count} samples do not give {names}, printed as {TimeText.Unknown}; ") +
            Text($"{SampleRule.NeededFor(unknown.Max())} would. ") +
            "Make the run longer, or ask for less with --percentiles.";
    }

    // What a reader must know of a valid result.
    private static string Remark(Evidence evidence)
    {
        Tally books = evidence.Result.Measured;
        if (IsMany(books[FailureRow.Status], books))
        {
            long refused = books[FailureRow.Status];
            return Text($"{refused} of {books.Scheduled} requests have a response that is no ") +
                "success; rates and times count them, and errors may be faster than answers.";
        }

        if (books.Failed > 0)
        {
            return Text($"{books.Failed} of {books.Scheduled} requests failed.");
        }

        return evidence.Achieved is null && evidence.ClientLoad > ClientLoadMax
            ? Text($"this program used {Percent(evidence.ClientLoad)} of its threads, so the ") +
                "rate may be its limit and not the server's."
            : "";
    }

    private static string Varied(Evidence evidence) => Text(
        $"the rate of a second varied by {Percent(evidence.Variation!.Value)}") +
        Text($" (limit {VariationMax * 100:F0}%)");

    private static string Time(long nanoseconds) => TimeText.Format(nanoseconds);

    private static string Percent(double share) => Text($"{share * 100:F1}%");

    private static string Text(FormattableString text) => text.ToString(s_invariant);
}
