using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// Reads rates as users write them, in every locale alike: <c>20000</c>, <c>20k</c>, <c>5000/s</c>
/// or <c>300/m</c>. Pure; any thread.
/// </summary>
internal static class RateText
{
    /// <summary>The highest valid rate, beyond what one machine can send.</summary>
    public const double Max = 100_000_000;

    /// <summary>Reads a rate above 0 in requests per second; it may have a decimal point.</summary>
    public static bool TryParse(string text, out double perSecond) =>
        TryParseOrZero(text, out perSecond) && perSecond > 0;

    /// <summary>Reads a rate that may be 0, as at the end of a stage.</summary>
    public static bool TryParseOrZero(string text, out double perSecond)
    {
        (string digits, double divisor) = text switch
        {
            _ when text.EndsWith("/s", StringComparison.Ordinal) => (text[..^2], 1.0),
            _ when text.EndsWith("/m", StringComparison.Ordinal) => (text[..^2], 60.0),
            _ => (text, 1.0),
        };
        bool isNumber = NumberText.TryParse(digits, out decimal number);
        perSecond = isNumber ? (double)number / divisor : 0;
        return isNumber && perSecond <= Max;
    }

    /// <summary>Writes a rate, such as <c>20000/s</c>, with at most three decimals.</summary>
    public static string Format(double perSecond) =>
        string.Create(CultureInfo.InvariantCulture, $"{perSecond:0.###}/s");
}
