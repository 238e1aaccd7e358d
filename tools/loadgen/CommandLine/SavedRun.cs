namespace Reactor.Tools.Loadgen;

/// <summary>
/// A run read from a file: it prints all reports that the run itself could print. Immutable.
/// </summary>
internal sealed record SavedRun(RunFile File, LoadResult Result)
{
    /// <summary>Beyond any run: an hour of intervals has some tens of megabytes.</summary>
    private const long FileBytesMax = 1 << 30;

    /// <summary>The reports that <see cref="Render"/> knows.</summary>
    public static readonly IReadOnlyList<string> Kinds =
        ["text", "wrk", "wrk2", "json", "hgrm", "hlog"];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The path.</param>
    /// <param name="error">A sentence that names the file and what is wrong; else null.</param>
    /// <returns>The run, or null if there is an error.</returns>
    public static SavedRun? Read(string path, out string? error)
    {
        try
        {
            if (new FileInfo(path).Length > FileBytesMax)
            {
                error = $"cannot read {path}: it is larger than 1 GiB.";
                return null;
            }

            byte[] json = System.IO.File.ReadAllBytes(path);
            RunFile? file = RunFileCodec.Read(json, out LoadResult? result, out string? problem);
            error = problem is null ? null : $"cannot read {path}: {problem}.";
            return file is null ? null : new SavedRun(file, result!);
        }
        catch (Exception failure) when (
            failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            error = $"cannot read {path}: {failure.Message}";
            return null;
        }
    }

    /// <summary>The sum of runs, see <see cref="RunMerge"/>.</summary>
    public static SavedRun Merge(IReadOnlyList<SavedRun> unordered)
    {
        SavedRun[] runs = [.. RunMerge.InOrder(unordered, one => one.Result)];
        LoadResult result = RunMerge.Merge([.. runs.Select(one => one.Result)]);
        ReportPart report = runs[0].File.Report;
        Threshold[] thresholds =
        [
            .. runs.SelectMany(one => RunFileReader.ThresholdsOf(one.File))
                .DistinctBy(one => one.ToString())
                .OrderBy(one => one.ToString(), StringComparer.Ordinal),
        ];
        return new SavedRun(
            RunFileWriter.Of(
                result,
                Judgement.Of(result, report.Percentiles, thresholds),
                report,
                [.. runs.SelectMany(one => one.File.Environments).Distinct()]),
            result);
    }

    /// <summary>A report.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    public string Render(string kind) => kind switch
    {
        "json" => RunFileCodec.Write(File),
        "hgrm" => HgrmReport.Of(Result),
        "hlog" => HlogReport.Of(Result),
        "wrk" => Print(ReportFormat.Wrk),
        "wrk2" => Print(ReportFormat.Wrk2),
        _ => Print(ReportFormat.Text),
    };

    private string Print(ReportFormat format)
    {
        Judgement judgement = Judgement.Of(
            Result, File.Report.Percentiles, RunFileReader.ThresholdsOf(File));
        return ReportText.Opening(format, Result.Run) + ReportText.Of(
            Result,
            judgement,
            new OutputSettings
            {
                Format = format,
                Percentiles = File.Report.Percentiles,
                ShowsDistribution = File.Report.ShowsDistribution,
                ShowsUncorrected = File.Report.ShowsUncorrected,
            });
    }
}
