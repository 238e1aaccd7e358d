using System.Globalization;
using System.Text;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// How the load was made, and the percentiles of its times. A closed loop has no schedule, so it
/// has neither response time nor lateness nor queue. Pure; any thread.
/// </summary>
internal static class TimesTable
{
    private static readonly CultureInfo s_invariant = CultureInfo.InvariantCulture;

    /// <summary>Appends the sentence and the table.</summary>
    public static void Append(
        StringBuilder text, LoadResult result, IReadOnlyList<decimal> percentiles)
    {
        RunDescription run = result.Run;
        LoadTimes times = result.Times;
        string warmUp = run.WarmUp > TimeSpan.Zero
            ? $"warm-up {DurationText.Format(run.WarmUp)} excluded, " : "";
        string depth = run.PipelineDepth > 1
            ? string.Create(s_invariant, $" with {run.PipelineDepth} requests each") : "";
        text.Append(run.IsOpenLoop
            ? string.Create(
                s_invariant,
                $"Open loop {run.Load}, seed {run.Seed}, {warmUp}response time counted from " +
                $"schedule")
            : string.Create(
                s_invariant,
                $"{run.Connections} connections{depth}, {warmUp}closed loop, service time; " +
                $"hides stalls – use -R"));
        text.Append('\n').Append(' ', 12);
        for (int i = 0; i < percentiles.Count; i++)
        {
            string name = string.Create(s_invariant, $"p{percentiles[i]:0.#######}");
            text.Append(name.PadLeft(i == 0 ? 8 : 9));
        }

        text.Append("max".PadLeft(9)).Append('\n');
        if (run.IsOpenLoop)
        {
            AppendRow(text, "response", times.Response, percentiles);
        }

        AppendRow(text, "service", times.Service, percentiles);
        AppendRow(text, "first byte", times.FirstByte, percentiles);
        if (run.IsOpenLoop)
        {
            var (lateness, queue) = (times.Lateness, times.Queue);
            AppendRow(text, "lateness", new Distribution { Finished = lateness }, percentiles);
            AppendRow(text, "queue", new Distribution { Finished = queue }, percentiles);
        }
    }

    /// <summary>Appends wrk's percentiles of the service time.</summary>
    public static void AppendUncorrected(StringBuilder text, LoadResult result)
    {
        decimal[] percents = [50, 75, 90, 99];
        string values = string.Join(", ", percents.Select(percent => string.Create(
            s_invariant, $"p{percent} {Cell(result.Times.Service, percent)}")));
        ReportRow.Append(text, "Uncorrected", s_invariant, $"{values}; service time");
    }

    private static void AppendRow(
        StringBuilder text, string name, Distribution times, IReadOnlyList<decimal> percentiles)
    {
        text.Append(s_invariant, $"  {name,-10}");
        for (int i = 0; i < percentiles.Count; i++)
        {
            text.Append(' ').Append(Cell(times, percentiles[i]).PadLeft(i == 0 ? 7 : 8));
        }

        text.Append(' ').Append(Cell(times, 100).PadLeft(8)).Append('\n');
    }

    private static string Cell(Distribution times, decimal percent) =>
        SampleRule.IsKnown(percent, times.Count)
            ? TimeText.Format(times.Percentile(percent)) : TimeText.Unknown;
}
