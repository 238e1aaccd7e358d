using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// Numbers with a factor: <c>10k</c> is 10,000 and <c>2m</c> is 2,000,000, in either case. Not the
/// rounded numbers of reports. Pure; any thread.
/// </summary>
internal static class NumberText
{
    /// <summary>Reads a number that is not negative; it may have a decimal point.</summary>
    public static bool TryParse(string text, out decimal number)
    {
        (string digits, decimal factor) = text switch
        {
            [.., 'k' or 'K'] => (text[..^1], 1_000m),
            [.., 'm' or 'M'] => (text[..^1], 1_000_000m),
            _ => (text, 1m),
        };
        // The bound keeps the product within the type.
        if (!decimal.TryParse(
                digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)
            || number > decimal.MaxValue / 1_000_000m)
        {
            return false;
        }

        number *= factor;
        return true;
    }

    /// <summary>Reads a whole number from 0 on, such as <c>10k</c> or <c>1.5k</c>.</summary>
    public static bool TryParseWhole(string text, out long number)
    {
        bool isWhole = TryParse(text, out decimal value)
            && value <= long.MaxValue && value == decimal.Truncate(value);
        number = isWhole ? (long)value : 0;
        return isWhole;
    }
}
