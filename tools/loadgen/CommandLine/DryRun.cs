using System.Globalization;
using System.Text;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The plan in words, and the first requests as they would be sent: for a look before a long run.
/// Pure; any thread.
/// </summary>
internal static class DryRun
{
    private const int RequestsShown = 5;

    /// <summary>Formats the plan.</summary>
    public static string Format(RunSettings settings)
    {
        LoadPlan plan = settings.Plan;
        RunDescription run = plan.Description;
        var text = new StringBuilder();
        string target = plan.UnixSocket is { } path ? $"{run.Url} (socket {path})" : run.Url;
        Line(text, $"target       {run.Method} {target}");
        Line(text, $"load         {Load(plan)}");
        Line(text, $"connections  {Connections(plan)}");
        Line(text, $"threads      {run.Threads}, {run.Driver}, idle {run.Idle}");
        string drain = DurationText.Format(run.Drain);
        string timeout = DurationText.Format(run.Timeout);
        Line(text, $"time         {Window(run)}, drain {drain}, timeout {timeout}");
        Line(text, $"seed         {run.Seed}");
        foreach (OutputFile file in settings.Output.Files)
        {
            Line(text, $"output       {file.Kind.ToString().ToLowerInvariant()} {file.Path}");
        }

        foreach (Threshold threshold in settings.Judge.Thresholds)
        {
            Line(text, $"threshold    {threshold}");
        }

        AppendRequests(text, plan);
        return text.ToString();
    }

    private static string Load(LoadPlan plan) => plan.Schedule is null
        ? "closed loop"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"open loop {plan.Description.Load}, {plan.Description.AskedRequests:0.##} requests, "
                + $"on full {plan.OnFull.ToString().ToLowerInvariant()}");

    private static string Connections(LoadPlan plan)
    {
        string stages = string.Concat(plan.ConnectionStages.Select(stage => string.Create(
            CultureInfo.InvariantCulture,
            $", to {stage.Target} in {DurationText.Format(stage.Length)}")));
        string each = plan.RequestsPerConnection is { } requests
            ? string.Create(CultureInfo.InvariantCulture, $", {requests} requests each")
            : plan.KeepAlive ? "" : ", 1 request each";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Connections}{stages}, pipeline {plan.PipelineDepth}{each}");
    }

    private static string Window(RunDescription run)
    {
        string requests = run.Count is { } count
            ? string.Create(CultureInfo.InvariantCulture, $"{count} requests within ")
            : "window ";
        return $"warm-up {DurationText.Format(run.WarmUp)}, {requests}"
            + DurationText.Format(run.Duration);
    }

    private static void AppendRequests(StringBuilder text, LoadPlan plan)
    {
        // All requests are equal; what differs is their instant.
        var arrivals = plan.Schedule is { } schedule ? new ArrivalSequence(schedule, 0, 1) : null;
        for (int i = 1; i <= RequestsShown && i <= (plan.Count ?? i); i++)
        {
            if (arrivals is { HasNext: false })
            {
                break;
            }

            string instant = arrivals is null
                ? "as soon as a connection is free"
                : string.Create(
                    CultureInfo.InvariantCulture, $"at {arrivals.Next.TotalSeconds:F7} s");
            Line(text, $"\nrequest {i}, {instant}:");
            text.Append(Encoding.Latin1.GetString(plan.Request.Bytes.Span).ReplaceLineEndings("\n"))
                .Append('\n');
            arrivals?.Advance();
        }
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
