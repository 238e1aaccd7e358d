// The report: first exactly wrk's block, then, after an empty line, our additions.
//
// Parsers of wrk's output look for the word that names the first row of its table, so it occurs in
// no other line; what a server sent is changed to small letters if needed.
using System.Text;

namespace Reactor.Tools.Loadgen;

/// <summary>Formats a result. Pure; any thread.</summary>
internal static class TextReport
{
    /// <summary>The first two lines, printed when a run starts.</summary>
    public static string Opening(RunDescription run) => WrkReport.Opening(run);

    /// <summary>The rest, from the result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="judgement">What it is worth.</param>
    /// <param name="percentiles">The columns of the table, 0 to 100.</param>
    /// <param name="showsDistribution">True to print wrk's percentiles too.</param>
    /// <param name="showsUncorrected">True to print those of the service time in a row.</param>
    public static string Summary(
        LoadResult result,
        Judgement judgement,
        IReadOnlyList<decimal> percentiles,
        bool showsDistribution,
        bool showsUncorrected)
    {
        var ours = new StringBuilder();
        TimesTable.Append(ours, result, percentiles);
        if (showsUncorrected)
        {
            TimesTable.AppendUncorrected(ours, result);
        }

        AccountRows.Append(ours, result);
        HealthRows.Append(ours, result, judgement);
        return WrkReport.Of(result, showsDistribution) + "\n"
            + ours.ToString().Replace("Latency", "latency", StringComparison.Ordinal);
    }
}
