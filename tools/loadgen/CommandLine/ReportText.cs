namespace Reactor.Tools.Loadgen;

/// <summary>
/// The reports of a result by their names, for a run and for a saved one. Pure; any thread.
/// </summary>
internal static class ReportText
{
    /// <summary>What is printed before the run: wrk prints its first lines then.</summary>
    public static string Opening(ReportFormat format, RunDescription run) => format switch
    {
        ReportFormat.Text or ReportFormat.Wrk or ReportFormat.Wrk2 => WrkReport.Opening(run),
        _ => "",
    };

    /// <summary>The report after it.</summary>
    public static string Of(LoadResult result, Judgement judgement, OutputSettings output) =>
        output.Format switch
        {
            ReportFormat.Quiet => "",
            ReportFormat.Json => Of(OutputKind.Json, result, judgement, output),
            ReportFormat.Wrk => WrkReport.Of(result, output.ShowsDistribution),
            ReportFormat.Wrk2 => Wrk2Report.Of(result, output.ShowsUncorrected),
            _ => TextReport.Summary(
                result,
                judgement,
                output.Percentiles,
                output.ShowsDistribution,
                output.ShowsUncorrected),
        };

    /// <summary>The content of a file.</summary>
    public static string Of(
        OutputKind kind, LoadResult result, Judgement judgement, OutputSettings output) =>
        kind switch
        {
            OutputKind.Hgrm => HgrmReport.Of(result),
            OutputKind.Hlog => HlogReport.Of(result),
            _ => RunFileCodec.Write(RunFileWriter.Of(
                result,
                judgement,
                new ReportPart(
                    output.Percentiles, output.ShowsDistribution, output.ShowsUncorrected),
                [CurrentEnvironment.Read()])),
        };
}
