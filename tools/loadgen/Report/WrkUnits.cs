using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// Numbers in wrk's format: two decimals and a unit, the next one from 0.85 of it on (850 us is
/// "0.85ms"). Scripts parse them. Pure; any thread.
/// </summary>
internal static class WrkUnits
{
    private const double StepUp = 0.85;

    private static readonly string[] s_metric = ["", "k", "M", "G", "T", "P"];
    private static readonly string[] s_binary = ["", "K", "M", "G", "T", "P"];
    private static readonly string[] s_microseconds = ["us", "ms"];
    private static readonly string[] s_seconds = ["s", "m"];

    /// <summary>Formats microseconds as us, ms, s or m.</summary>
    public static string Time(double microseconds) => microseconds >= 1e6
        ? Scale(microseconds / 1e6, 60, s_seconds)
        : Scale(microseconds, 1000, s_microseconds);

    /// <summary>Formats a count: 20000 is "20.00k".</summary>
    public static string Metric(double count) => Scale(count, 1000, s_metric);

    /// <summary>Formats bytes without the B: 2048 is "2.00K".</summary>
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
