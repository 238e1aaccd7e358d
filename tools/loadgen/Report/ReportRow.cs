using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// Writes a line of our part of the report: a name of up to ten letters, then the text in the
/// invariant culture. Pure; any thread.
/// </summary>
internal static class ReportRow
{
    private const int NameWidth = 12;

    /// <summary>Appends a line.</summary>
    /// <param name="text">The report.</param>
    /// <param name="name">The name; empty to continue the row above.</param>
    /// <param name="culture">The culture of the content.</param>
    /// <param name="content">The content.</param>
    public static void Append(
        StringBuilder text,
        string name,
        CultureInfo culture,
        [InterpolatedStringHandlerArgument(nameof(culture))]
        ref DefaultInterpolatedStringHandler content) =>
        text.Append(name.PadRight(NameWidth)).Append(content.ToStringAndClear()).Append('\n');

    /// <summary>
    /// A percentile with its name, such as <c>p99 44us</c>; the maximum if there are too few
    /// samples for it, and <c>–</c> without any.
    /// </summary>
    public static string Percentile(Histogram times, int percent) =>
        times.Count == 0 ? TimeText.Unknown
        : SampleRule.IsKnown(percent, times.Count)
            ? FormattableString.Invariant($"p{percent} ") +
                TimeText.Format(times.Percentile(percent))
            : "max " + TimeText.Format(times.Max);
}
