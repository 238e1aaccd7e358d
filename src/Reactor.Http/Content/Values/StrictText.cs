// A value has one spelling. The generic parsers of .NET accept more: whitespace and NUL around
// numbers, group separators, a plus, infinities, 12/31/2026 as a date, five days for the TimeSpan
// "5". Programs that read a value differently make a hole: a cache in front of this server takes
// " 1" and "1" for two resources.
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Reactor.Http;

/// <summary>Parses text strictly in the invariant culture. Pure; any thread.</summary>
internal static class StrictText
{
    /// <summary>
    /// Longer numbers are refused, because a <see cref="BigInteger"/> takes quadratic time.
    /// </summary>
    public const int NumberCharsMax = 1024;

    private static readonly SearchValues<char> s_guid =
        SearchValues.Create("-0123456789abcdefABCDEF");

    private static readonly string[] s_times = ["HH:mm", "HH:mm:ss.FFFFFFF"];

    private static readonly string[] s_moments =
        ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF"];

    private static readonly string[] s_spans =
    [
        @"hh\:mm\:ss", @"hh\:mm\:ss\.FFFFFFF", @"d\.hh\:mm\:ss", @"d\.hh\:mm\:ss\.FFFFFFF",
    ];

    public static bool TryParse<T>(string text, [MaybeNullWhen(false)] out T value)
        where T : ISpanParsable<T>
    {
        value = default;
        if (typeof(T) == typeof(string))
        {
            value = (T)(object)text;
            return true;
        }

        if (!IsBare(text))
        {
            return false;
        }

        if (HasOneForm<T>())
        {
            object? exact = ParseExact<T>(text);
            value = exact is null ? default : (T)exact;
            return exact is not null;
        }

        return HasShape<T>(text) && T.TryParse(text, CultureInfo.InvariantCulture, out value)
            && !IsInfinite(value);
    }

    /// <summary>The name of one member, in any case.</summary>
    public static bool TryParseEnum<T>(string text, out T value) where T : struct, Enum
    {
        value = default;
        return IsBare(text) && !char.IsAsciiDigit(text[0]) && !text.AsSpan().ContainsAny("+-,")
            && Enum.TryParse(text, ignoreCase: true, out value);
    }

    private static bool IsBare(string text) => text.Length > 0 && !char.IsWhiteSpace(text[0])
        && !char.IsWhiteSpace(text[^1]) && !text.Contains('\0');

    private static bool HasOneForm<T>() => typeof(T) == typeof(bool) || typeof(T) == typeof(Guid)
        || typeof(T) == typeof(DateOnly) || typeof(T) == typeof(TimeOnly)
        || typeof(T) == typeof(DateTime) || typeof(T) == typeof(DateTimeOffset)
        || typeof(T) == typeof(TimeSpan);

    private static object? ParseExact<T>(string text)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        const DateTimeStyles Style = DateTimeStyles.None;
        if (typeof(T) == typeof(bool))
        {
            return text switch
            {
                "1" => true,
                "0" => false,
                _ => bool.TryParse(text, out bool truth) ? truth : null,
            };
        }

        if (typeof(T) == typeof(Guid))
        {
            // The digits are checked here, since .NET also takes "0x" in a group.
            return !text.AsSpan().ContainsAnyExcept(s_guid)
                && Guid.TryParseExact(text, "D", out Guid id) ? id : null;
        }

        if (typeof(T) == typeof(DateOnly))
        {
            return DateOnly.TryParseExact(text, "yyyy-MM-dd", culture, Style, out var day)
                ? day : null;
        }

        if (typeof(T) == typeof(TimeOnly))
        {
            return TimeOnly.TryParseExact(text, s_times, culture, Style, out var time)
                ? time : null;
        }

        if (typeof(T) == typeof(DateTime))
        {
            return DateTime.TryParseExact(text, s_moments, culture, Style, out var moment)
                ? moment : null;
        }

        if (typeof(T) == typeof(TimeSpan))
        {
            return TimeSpan.TryParseExact(text, s_spans, culture, out var span) ? span : null;
        }

        // K also takes no offset, which would then be that of the machine.
        bool hasOffset = text.Length > 6 && (text[^1] == 'Z' || text[^6] is '+' or '-');
        return hasOffset && DateTimeOffset.TryParseExact(
            text, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", culture, Style, out var instant)
            ? instant : null;
    }

    private static bool HasShape<T>(string text) =>
        IsInteger<T>() ? IsNumber(text, isInteger: true)
        : !IsFloat<T>() || IsNumber(text, isInteger: false);

    private static bool IsInteger<T>() => typeof(T) == typeof(int) || typeof(T) == typeof(long)
        || typeof(T) == typeof(byte) || typeof(T) == typeof(sbyte) || typeof(T) == typeof(short)
        || typeof(T) == typeof(ushort) || typeof(T) == typeof(uint) || typeof(T) == typeof(ulong)
        || typeof(T) == typeof(nint) || typeof(T) == typeof(nuint)
        || typeof(T) == typeof(Int128) || typeof(T) == typeof(UInt128)
        || typeof(T) == typeof(BigInteger);

    private static bool IsFloat<T>() => typeof(T) == typeof(double) || typeof(T) == typeof(float)
        || typeof(T) == typeof(Half) || typeof(T) == typeof(decimal);

    // -? digits [ "." digits ] [ ("e" | "E") ["+" | "-"] digits ]
    private static bool IsNumber(ReadOnlySpan<char> text, bool isInteger)
    {
        if (text.Length > NumberCharsMax)
        {
            return false;
        }

        text = text is ['-', ..] ? text[1..] : text;
        bool isSound = TakeDigits(ref text);
        if (!isInteger && text is ['.', ..])
        {
            text = text[1..];
            isSound &= TakeDigits(ref text);
        }

        if (!isInteger && text is ['e' or 'E', ..])
        {
            text = text is [_, '+' or '-', ..] ? text[2..] : text[1..];
            isSound &= TakeDigits(ref text);
        }

        return isSound && text.IsEmpty;
    }

    private static bool TakeDigits(ref ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('0', '9');
        int digits = end < 0 ? text.Length : end;
        text = text[digits..];
        return digits > 0;
    }

    // "1e999" overflows to infinity.
    private static bool IsInfinite<T>(T value) => value switch
    {
        double number => !double.IsFinite(number),
        float number => !float.IsFinite(number),
        Half number => !Half.IsFinite(number),
        _ => false,
    };
}
