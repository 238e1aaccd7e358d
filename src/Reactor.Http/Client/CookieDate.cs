using System.Buffers;
using System.Globalization;

namespace Reactor.Http;

/// <summary>
/// Reads the date of a cookie's Expires by the algorithm of RFC 6265 5.1.1, which takes nearly
/// anything with a time, a day, a month and a year, in any order.
/// </summary>
/// <remarks>Pure; any thread.</remarks>
internal static class CookieDate
{
    private const string Months = "janfebmaraprmayjunjulaugsepoctnovdec";

    // %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E
    private static readonly SearchValues<char> s_delimiters =
        SearchValues.Create("\t !\"#$%&'()*+,-./;<=>?@[\\]^_`{|}~");

    /// <summary>Parses a date; false if it is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset moment)
    {
        (int Hour, int Minute, int Second)? time = null;
        int? day = null;
        int? month = null;
        int? year = null;
        while (NextToken(ref text) is { IsEmpty: false } token)
        {
            // Each token is tried as what is not found yet, in the order of the RFC.
            if (time is null && (time = TimeOf(token)) is not null)
            {
                continue;
            }

            if (day is null && (day = NumberOf(token, 1, 2)) is not null)
            {
                continue;
            }

            if (month is null && (month = MonthOf(token)) is not null)
            {
                continue;
            }

            year ??= NumberOf(token, 2, 4);
        }

        moment = default;
        return time is { Hour: <= 23, Minute: <= 59, Second: <= 59 } clock
            && day is { } d && month is { } m && year is { } y
            && TryMake(FullYear(y), m, d, clock, out moment);
    }

    private static int FullYear(int year) => year switch
    {
        >= 70 and <= 99 => year + 1900,
        <= 69 => year + 2000,
        _ => year,
    };

    private static bool TryMake(
        int year, int month, int day, (int Hour, int Minute, int Second) clock,
        out DateTimeOffset moment)
    {
        const int YearMin = 1601;
        bool isDate = year >= YearMin && day >= 1 && day <= DateTime.DaysInMonth(year, month);
        moment = isDate
            ? new(year, month, day, clock.Hour, clock.Minute, clock.Second, TimeSpan.Zero)
            : default;
        return isDate;
    }

    private static ReadOnlySpan<char> NextToken(ref ReadOnlySpan<char> text)
    {
        int start = text.IndexOfAnyExcept(s_delimiters);
        text = start < 0 ? default : text[start..];
        int end = text.IndexOfAny(s_delimiters);
        ReadOnlySpan<char> token = end < 0 ? text : text[..end];
        text = text[token.Length..];
        return token;
    }

    // hms-time [ non-digit *OCTET ]; each part has one or two digits.
    private static (int Hour, int Minute, int Second)? TimeOf(ReadOnlySpan<char> token)
    {
        int first = token.IndexOf(':');
        int second = first < 0 ? -1 : token[(first + 1)..].IndexOf(':');
        if (second < 0)
        {
            return null;
        }

        ReadOnlySpan<char> rest = token[(first + 1)..];
        return WholeNumber(token[..first]) is { } hour
            && WholeNumber(rest[..second]) is { } minute
            && NumberOf(rest[(second + 1)..], 1, 2) is { } last
                ? (hour, minute, last)
                : null;
    }

    private static int? WholeNumber(ReadOnlySpan<char> part) =>
        part.ContainsAnyExceptInRange('0', '9') ? null : NumberOf(part, 1, 2);

    // So many digits, then the end or anything but a digit.
    private static int? NumberOf(ReadOnlySpan<char> token, int digitsMin, int digitsMax)
    {
        int end = token.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> digits = end < 0 ? token : token[..end];
        return digits.Length >= digitsMin && digits.Length <= digitsMax
            ? int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture)
            : null;
    }

    private static int? MonthOf(ReadOnlySpan<char> token)
    {
        for (int month = 1; token.Length >= 3 && month <= 12; month++)
        {
            if (token.StartsWith(
                Months.AsSpan((month - 1) * 3, 3), StringComparison.OrdinalIgnoreCase))
            {
                return month;
            }
        }

        return null;
    }
}
