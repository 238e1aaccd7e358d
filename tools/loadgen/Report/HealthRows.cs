using System.Globalization;
using System.Text;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// What the run cost, and what it is worth: server, client, Little's law, verdict, thresholds.
/// Pure; any thread.
/// </summary>
internal static class HealthRows
{
    private static readonly CultureInfo s_invariant = CultureInfo.InvariantCulture;

    /// <summary>Appends the rows.</summary>
    public static void Append(StringBuilder text, LoadResult result, Judgement judgement)
    {
        if (result.Server is { } server)
        {
            AppendServer(text, server, result.Measured.Completed);
        }

        AppendClient(text, result);
        if (judgement.Little is { } law)
        {
            AppendLittle(text, law);
        }

        if (judgement.InternalError is { } bug)
        {
            ReportRow.Append(text, "Bug", s_invariant, $"{bug}");
        }

        if (judgement.WentAwayAt is { } end)
        {
            string rate = judgement.RateWhileThere is { } known
                ? string.Create(s_invariant, $"{known:F2}/s") : TimeText.Unknown;
            ReportRow.Append(
                text,
                "Gone",
                s_invariant,
                $"the server went away at {TimeText.Seconds(end)}; {rate} until then");
        }

        if (judgement.Stall is { } stall)
        {
            ReportRow.Append(
                text,
                "Stall",
                s_invariant,
                $"no response for {TimeText.Seconds(stall.Length)}, " +
                $"from {TimeText.Seconds(stall.Begin)} on");
        }

        string reason = judgement.Reason.Length == 0 ? "" : ": " + judgement.Reason;
        ReportRow.Append(
            text, "Verdict", s_invariant, $"{Verdicts.NameOf(judgement.Verdict)}{reason}");
        string name = "Thresholds";
        foreach (ThresholdResult one in judgement.Thresholds)
        {
            Threshold threshold = one.Threshold;
            string outcome = one.IsMet ? "ok" : "crossed";
            ReportRow.Append(
                text,
                name,
                s_invariant,
                $"{outcome}  {threshold.Metric.Name} {threshold.Condition}   {one.ValueText}");
            name = "";
        }

        if (result.IsInterrupted)
        {
            ReportRow.Append(text, "Interrupted", s_invariant, $" results up to that point");
        }
    }

    private static void AppendServer(StringBuilder text, ServerCost server, long responses)
    {
        (string sum, string user, string system, string rate) =
            (TimeText.Unknown, TimeText.Unknown, TimeText.Unknown, TimeText.Unknown);
        TimeSpan total = server.UserTime + server.SystemTime;
        if (responses > 0)
        {
            sum = Micros(total, responses) + "us";
            user = Micros(server.UserTime, responses);
            system = Micros(server.SystemTime, responses);
            rate = total > TimeSpan.Zero ? Thousands(responses / total.TotalSeconds) : rate;
        }

        string memory = server.ResidentBytesMax is { } bytes
            ? string.Create(s_invariant, $", RSS {bytes / 1048576.0:F0}MB") : "";
        ReportRow.Append(
            text,
            "Server",
            s_invariant,
            $"{server.Source}: {sum} CPU/req ({user} user, {system} sys), " +
            $"{rate} req per CPU-second{memory}");
        string wait = server.RunQueueWait is { } queued && responses > 0
            ? $"run-queue wait {Micros(queued, responses)}us/req, " : "";
        if (server.VoluntarySwitches is { } voluntary)
        {
            ReportRow.Append(
                text,
                "",
                s_invariant,
                $"{wait}{voluntary} voluntary and {server.InvoluntarySwitches ?? 0} involuntary " +
                $"switches");
        }
    }

    private static void AppendClient(StringBuilder text, LoadResult result)
    {
        ClientHealth client = result.Client;
        double seconds = result.Elapsed.TotalSeconds;
        double cpu = seconds > 0 ? client.CpuTime.TotalSeconds / seconds * 100 : 0;
        double spin = seconds > 0 ? client.SpinTime.TotalSeconds / seconds * 100 : 0;
        int threads = result.Run.Threads;
        string spins = spin > 0 ? string.Create(s_invariant, $", idle spin {spin:F0}%") : "";
        ReportRow.Append(
            text,
            "Client",
            s_invariant,
            $"CPU {cpu / threads:F0}% of {threads} core{(threads == 1 ? "" : "s")}, loop lag " +
            $"{ReportRow.Percentile(result.Times.LoopLag, 99)}, GC {client.Collections} " +
            $"({client.PauseTime.TotalMilliseconds:F1}ms){spins}");
    }

    private static void AppendLittle(StringBuilder text, LittleLaw law)
    {
        ReportRow.Append(
            text,
            "In flight",
            s_invariant,
            $"{law.InFlight:F2} = {law.Rate:F2}/s x {TimeText.Format(law.MeanNanoseconds)}; " +
            $"connections x depth = {law.Expected} ({law.Deviation * 100:+0.0;-0.0;0.0}%)");
        if (!law.IsKept)
        {
            ReportRow.Append(text, "", s_invariant, $"{(law.Deviation < 0
                ? "more than 2% below: connections were idle, by connecting, or by this program"
                : "more than 2% above: the window is short against the times")}");
        }
    }

    private static string Micros(TimeSpan time, long responses) =>
        string.Create(s_invariant, $"{time.TotalMicroseconds / responses:F1}");

    private static string Thousands(double count) => count < 1000
        ? string.Create(s_invariant, $"{count:F0}")
        : string.Create(s_invariant, $"{count / 1000:F1}k");
}
