// wrk2's report: its distributions are those of HdrHistogram's C library, in milliseconds.
using System.Globalization;
using System.Text;

namespace Reactor.Tools.Loadgen;

/// <summary>Formats a result as wrk2 does with <c>--latency</c>. Pure; any thread.</summary>
internal static class Wrk2Report
{
    private const string Rule = "----------------------------------------------------------\n";

    private static readonly CultureInfo s_invariant = CultureInfo.InvariantCulture;

    private static readonly decimal[] s_percents =
        [50, 75, 90, 99, 99.9m, 99.99m, 99.999m, 100];

    /// <summary>The report after the opening, which is wrk's.</summary>
    /// <param name="result">The result.</param>
    /// <param name="showsUncorrected">
    /// True to add the distribution of the service time (wrk2's <c>-U</c>).
    /// </param>
    public static string Of(LoadResult result, bool showsUncorrected)
    {
        var text = new StringBuilder();
        Distribution times = WrkReport.TimesOf(result);
        WrkReport.AppendTable(text, result, times);
        AppendDistribution(text, times, "Recorded Latency");
        if (showsUncorrected)
        {
            text.Append('\n');
            AppendDistribution(
                text,
                result.Times.Service,
                "Uncorrected Latency (measured without taking delayed starts into account)");
        }

        WrkReport.AppendTotals(text, result);
        return text.ToString();
    }

    private static void AppendDistribution(StringBuilder text, Distribution times, string name)
    {
        text.Append(s_invariant, $"  Latency Distribution (HdrHistogram - {name})\n");
        foreach (decimal percent in s_percents)
        {
            string value = SampleRule.IsKnown(percent, times.Count)
                ? WrkReport.Time(times.Percentile(percent)) : TimeText.Unknown;
            text.Append(s_invariant, $"{percent,7:F3}%{WrkReport.Pad(value, 10)}\n");
        }

        var all = new Histogram();
        all.Merge(times.Finished);
        all.Merge(times.Unfinished);
        text.Append("\n  Detailed Percentile spectrum:\n");
        AppendSpectrum(text, HgrmReport.Format(all));
        text.Append(Rule);
    }

    // The C library prints the rows of .hgrm in narrower columns, with fewer digits, and with the
    // infinite last column that Java leaves out.
    private static void AppendSpectrum(StringBuilder text, string hgrm)
    {
        foreach (string line in hgrm.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (line.StartsWith('#'))
            {
                text.Append(line).Append('\n');
            }
            else if (cells[0] == "Value")
            {
                text.Append(
                    s_invariant, $"{cells[0],12} {cells[1],12} {cells[2],12} {cells[3],12}\n\n");
            }
            else
            {
                decimal percentile = decimal.Parse(cells[1], s_invariant);
                string inverse = cells.Length > 3 ? cells[3] : "inf";
                text.Append(
                    s_invariant, $"{cells[0],12} {percentile,12:F6} {cells[2],12} {inverse,12}\n");
            }
        }
    }
}
