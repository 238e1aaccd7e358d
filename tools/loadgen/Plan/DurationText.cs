using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// Durations in wrk's notation: <c>10s</c>, <c>2m</c>, <c>500ms</c>, or a bare number of seconds.
/// Pure; any thread.
/// </summary>
internal static class DurationText
{
    /// <summary>The longest valid duration, a day; more is surely a typing error.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(1);

    private static readonly (string Suffix, TimeSpan Unit)[] s_units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("us", TimeSpan.FromMicroseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
    ];

    /// <summary>
    /// Reads a duration from 0 to <see cref="Max"/>; it may have a decimal point.
    /// </summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        TimeSpan unit = TimeSpan.FromSeconds(1);
        string digits = text;
        foreach ((string suffix, TimeSpan length) in s_units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal))
            {
                (digits, unit) = (text[..^suffix.Length], length);
                break;
            }
        }

        if (!decimal.TryParse(
                digits,
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out decimal number)
            || number > Max.Ticks / unit.Ticks)
        {
            return false;
        }

        duration = new TimeSpan((long)(number * unit.Ticks));
        return true;
    }

    /// <summary>Writes a duration in the largest unit that gives a whole number.</summary>
    public static string Format(TimeSpan duration)
    {
        // wrk rounds 90 s to "2m"; this report is exact.
        foreach ((string suffix, TimeSpan unit) in s_units.OrderByDescending(one => one.Unit))
        {
            if (duration >= unit && duration.Ticks % unit.Ticks == 0)
            {
                return string.Create(
                    CultureInfo.InvariantCulture, $"{duration.Ticks / unit.Ticks}{suffix}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds}s");
    }
}
