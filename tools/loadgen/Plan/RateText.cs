using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// Rates: <c>20000</c>, <c>20k</c>, <c>5000/s</c> or <c>300/m</c>. Pure; any thread.
/// </summary>
internal static class RateText
{
    /// <summary>The highest valid rate, beyond what one machine can send.</summary>
    public const double Max = 100_000_000;

    /// <summary>Reads a rate above 0 in requests per second; it may have a decimal point.</summary>
    public static bool TryParse(string text, out double perSecond)
    {
        (string digits, double unit) = text switch
        {
            _ when text.EndsWith("/s", StringComparison.Ordinal) => (text[..^2], 1.0),
            _ when text.EndsWith("/m", StringComparison.Ordinal) => (text[..^2], 1.0 / 60),
            _ => (text, 1.0),
        };
        (digits, double factor) = digits switch
        {
            [.., 'k'] => (digits[..^1], 1e3),
            [.., 'M'] => (digits[..^1], 1e6),
            _ => (digits, 1.0),
        };
        bool isNumber = double.TryParse(
            digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
        perSecond = number * factor * unit;
        return isNumber && perSecond is > 0 and <= Max;
    }
}
