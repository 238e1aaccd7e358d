// Dates of RFC 9110 5.6.7: one format out, three formats in.
//
//   IMF-fixdate  Sun, 06 Nov 1994 08:49:37 GMT      the only format to send
//   rfc850-date  Sunday, 06-Nov-94 08:49:37 GMT     two digits of the year: the 50-year rule
//   asctime-date Sun Nov  6 08:49:37 1994
//
// Names are case-sensitive, and nothing is trimmed. The day's name is not compared with the date. A
// leap second is read as second 59, since the calendar type has no other.
namespace Reactor.Http.Protocol;

/// <summary>Formats and parses HTTP dates (RFC 9110 5.6.7).</summary>
internal static class HttpDate
{
    /// <summary>The length of an IMF-fixdate in bytes.</summary>
    public const int Length = 29;

    private const int AsctimeLength = 24;
    private const int YearsAheadMax = 50;

    private static readonly string[] s_longDays =
    [
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ];

    private static ReadOnlySpan<byte> Days => "SunMonTueWedThuFriSat"u8;

    private static ReadOnlySpan<byte> Months => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    /// <summary>Writes an IMF-fixdate of <see cref="Length"/> bytes.</summary>
    public static void Format(DateTimeOffset moment, Span<byte> target)
    {
        DateTime utc = moment.UtcDateTime;
        "Sun, 00 Jan 0000 00:00:00 GMT"u8.CopyTo(target);
        Days.Slice((int)utc.DayOfWeek * 3, 3).CopyTo(target);
        PutPair(target[5..], utc.Day);
        Months.Slice((utc.Month - 1) * 3, 3).CopyTo(target[8..]);
        PutPair(target[12..], utc.Year / 100);
        PutPair(target[14..], utc.Year % 100);
        PutPair(target[17..], utc.Hour);
        PutPair(target[20..], utc.Minute);
        PutPair(target[23..], utc.Second);
    }

    /// <summary>
    /// Parses a date of any format. A two-digit year more than 50 years ahead of now is a past one.
    /// </summary>
    public static bool TryParse(
        ReadOnlySpan<byte> text, DateTimeOffset now, out DateTimeOffset moment)
    {
        moment = default;
        return text.Length switch
        {
            Length when text[3] == (byte)',' => TryParseFixed(text, out moment),
            AsctimeLength when text[3] == (byte)' ' => TryParseAsctime(text, out moment),
            _ => TryParseRfc850(text, now, out moment),
        };
    }

    private static bool TryParseFixed(ReadOnlySpan<byte> text, out DateTimeOffset moment)
    {
        moment = default;
        return HasShape(text, "aaa, 00 aaa 0000 00:00:00 GMT"u8)
            && IndexOfName(Days, text) >= 0
            && TryMake(Year(text[12..]), text[8..], Pair(text[5..]), text[17..], out moment);
    }

    private static bool TryParseAsctime(ReadOnlySpan<byte> text, out DateTimeOffset moment)
    {
        moment = default;

        // The day of the month has two places, the first of which may be a space.
        bool padded = text[8] == (byte)' ';
        int day = padded ? text[9] - '0' : Pair(text[8..]);
        return HasShape(text, padded ? "aaa aaa  0 00:00:00 0000"u8 : "aaa aaa 00 00:00:00 0000"u8)
            && IndexOfName(Days, text) >= 0
            && TryMake(Year(text[20..]), text[4..], day, text[11..], out moment);
    }

    private static bool TryParseRfc850(
        ReadOnlySpan<byte> text, DateTimeOffset now, out DateTimeOffset moment)
    {
        moment = default;
        int comma = text.IndexOf((byte)',');
        if (comma < 0 || !IsLongDay(text[..comma]))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = text[comma..];
        if (!HasShape(rest, ", 00-aaa-00 00:00:00 GMT"u8))
        {
            return false;
        }

        // The latest year with these digits that is not too far ahead; if it fits exactly, the day
        // and the time decide.
        int latest = now.UtcDateTime.Year + YearsAheadMax;
        int year = latest - ((latest - Pair(rest[9..])) % 100);

        // 29 February may exist in the century before only.
        return (TryMake(year, rest[5..], Pair(rest[2..]), rest[12..], out moment)
                && moment <= now.AddYears(YearsAheadMax))
            || TryMake(year - 100, rest[5..], Pair(rest[2..]), rest[12..], out moment);
    }

    private static bool TryMake(
        int year, ReadOnlySpan<byte> monthName, int day, ReadOnlySpan<byte> clock,
        out DateTimeOffset moment)
    {
        int month = IndexOfName(Months, monthName) + 1;
        int hour = Pair(clock);
        int minute = Pair(clock[3..]);
        int second = Pair(clock[6..]);
        bool valid = month > 0 && year is > 0 and <= 9999
            && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            && hour < 24 && minute < 60 && second <= 60;
        moment = valid
            ? new DateTimeOffset(
                year, month, day, hour, minute, Math.Min(second, 59), TimeSpan.Zero)
            : default;
        return valid;
    }

    private static bool HasShape(ReadOnlySpan<byte> text, ReadOnlySpan<byte> shape) =>
        text.Length == shape.Length && Grammar.Mismatch(text, shape) < 0;

    private static bool IsLongDay(ReadOnlySpan<byte> text)
    {
        foreach (string day in s_longDays)
        {
            if (System.Text.Ascii.Equals(text, day))
            {
                return true;
            }
        }

        return false;
    }

    private static int IndexOfName(ReadOnlySpan<byte> names, ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < names.Length; i += 3)
        {
            if (text.StartsWith(names.Slice(i, 3)))
            {
                return i / 3;
            }
        }

        return -1;
    }

    private static int Year(ReadOnlySpan<byte> text) => (Pair(text) * 100) + Pair(text[2..]);

    private static int Pair(ReadOnlySpan<byte> text) => ((text[0] - '0') * 10) + (text[1] - '0');

    private static void PutPair(Span<byte> target, int value)
    {
        target[0] = (byte)('0' + (value / 10));
        target[1] = (byte)('0' + (value % 10));
    }
}
