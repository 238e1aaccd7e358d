using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// Numbers as wrk prints them: two decimals and a unit, which goes up at 0.85 of the next one (so
/// 850 us is "0.85ms"). Scripts read these. Pure; any thread.
/// </summary>
internal static class WrkUnits
{
    private const double StepUp = 0.85;

    private static readonly string[] s_metric = ["", "k", "M", "G", "T", "P"];
    private static readonly string[] s_binary = ["", "K", "M", "G", "T", "P"];
    private static readonly string[] s_microseconds = ["us", "ms"];
    private static readonly string[] s_seconds = ["s", "m"];

    /// <summary>A duration given in microseconds: us, ms, from a second on s, then m.</summary>
    public static string Time(double microseconds) => microseconds >= 1e6
        ? Scale(microseconds / 1e6, 60, s_seconds)
        : Scale(microseconds, 1000, s_microseconds);

    /// <summary>A count: 20000 is "20.00k".</summary>
    public static string Metric(double count) => Scale(count, 1000, s_metric);

    /// <summary>Bytes, without the B: 2048 is "2.00K".</summary>
    public static string Binary(double bytes) => Scale(bytes, 1024, s_binary);

    private static string Scale(double amount, double step, string[] units)
    {
        int unit = 0;
        while (unit + 1 < units.Length && amount >= step * StepUp)
        {
            amount /= step;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{amount:F2}{units[unit]}");
    }
}
