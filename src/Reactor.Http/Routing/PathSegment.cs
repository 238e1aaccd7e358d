// Percent escapes in the path of a request (RFC 3986 2 and 6.2.2).
//
// A path is split on "/" first and each segment is decoded once, so an escaped slash is never a
// separator and "%2541" never becomes "A". A path with a malformed escape is rejected as a whole.
//
// Segments that could lead a handler out of a folder are unsafe: the dot segments "." and "..", an
// escaped slash, backslash or NUL, a plain backslash, octets that are not UTF-8, and an empty
// segment where more follows. They equal no literal, and only raw patterns capture them.
//
// Literals are compared in normal form: unreserved characters are decoded, other escapes have
// upper-case digits, and "|" and "^", which only some clients escape, are escaped.
using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Reactor.Http.Routing;

internal enum SegmentContent
{
    /// <summary>A malformed escape, or a character that is not allowed in a path.</summary>
    Malformed,

    /// <summary>UTF-8, and still one segment after decoding.</summary>
    Safe,

    /// <summary>Well-formed, for raw patterns only.</summary>
    Unsafe,
}

internal static class PathSegment
{
    private static readonly SearchValues<char> s_ascii =
        SearchValues.Create([.. Enumerable.Range(1, 0x7E).Select(code => (char)code)]);

    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Characters of the normal form for a character of the text, at most.</summary>
    public const int NormalGrowth = 3;

    private const string Escaped = "|^";

    public static SegmentContent ContentOf(ReadOnlySpan<char> segment)
    {
        if (!segment.Contains('%'))
        {
            return segment.ContainsAnyExcept(s_ascii) ? SegmentContent.Malformed
                : segment is "." or ".." || segment.Contains('\\') ? SegmentContent.Unsafe
                : SegmentContent.Safe;
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(segment.Length);
        SegmentContent content =
            !TryDecodeBytes(segment, rented, out int length) ? SegmentContent.Malformed
            : IsSafe(rented.AsSpan(0, length)) ? SegmentContent.Safe
            : SegmentContent.Unsafe;
        ArrayPool<byte>.Shared.Return(rented);
        return content;
    }

    /// <summary>Decodes a safe segment, once, as UTF-8.</summary>
    public static string Decode(ReadOnlySpan<char> segment)
    {
        if (!segment.Contains('%'))
        {
            return segment.ToString();
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(segment.Length);
        TryDecodeBytes(segment, rented, out int length);
        string text = s_strict.GetString(rented, 0, length);
        ArrayPool<byte>.Shared.Return(rented);
        return text;
    }

    /// <summary>Whether a parameter without constraints captures a segment.</summary>
    public static bool IsSafeValue(ReadOnlySpan<char> segment) =>
        !segment.IsEmpty && ContentOf(segment) == SegmentContent.Safe;

    /// <summary>
    /// Whether a segment with well-formed escapes, decoded, is in a set. One that is not UTF-8 is
    /// in none.
    /// </summary>
    public static bool IsIn(ValueSet values, ReadOnlySpan<char> segment)
    {
        if (!segment.Contains('%'))
        {
            return values.Contains(segment);
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(segment.Length);
        char[] chars = ArrayPool<char>.Shared.Rent(segment.Length);
        TryDecodeBytes(segment, rented, out int length);
        OperationStatus status = Utf8.ToUtf16(
            rented.AsSpan(0, length), chars, out _, out int count, replaceInvalidSequences: false);
        bool isIn = status == OperationStatus.Done && values.Contains(chars.AsSpan(0, count));
        ArrayPool<byte>.Shared.Return(rented);
        ArrayPool<char>.Shared.Return(chars);
        return isIn;
    }

    public static bool NeedsNormalising(ReadOnlySpan<char> segment) =>
        segment.IndexOfAny('%', '|', '^') >= 0;

    /// <summary>
    /// Writes the normal form of text with well-formed escapes, and returns its length. Slashes
    /// stay.
    /// </summary>
    public static int Normalise(ReadOnlySpan<char> text, Span<char> target)
    {
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            int value = c;
            if (c == '%')
            {
                value = (Hex(text[i + 1]) << 4) | Hex(text[i + 2]);
                i += 2;
            }

            if (c == '%' ? IsUnreserved((char)value) : !Escaped.Contains(c))
            {
                target[length++] = (char)value;
                continue;
            }

            target[length++] = '%';
            target[length++] = "0123456789ABCDEF"[value >> 4];
            target[length++] = "0123456789ABCDEF"[value & 0xF];
        }

        return length;
    }

    private static bool IsSafe(ReadOnlySpan<byte> decoded) =>
        !decoded.ContainsAny("/\\\0"u8)
        && !decoded.SequenceEqual("."u8)
        && !decoded.SequenceEqual(".."u8)
        && Utf8.IsValid(decoded);

    private static bool TryDecodeBytes(
        ReadOnlySpan<char> segment, Span<byte> target, out int length)
    {
        length = 0;
        for (int i = 0; i < segment.Length; i++)
        {
            int value = segment[i];
            if (value == '%')
            {
                if (i + 2 >= segment.Length)
                {
                    return false;
                }

                value = (Hex(segment[i + 1]) << 4) | Hex(segment[i + 2]);
                i += 2;
            }
            else if (value is 0 or > 0x7E)
            {
                return false;
            }

            if (value < 0)
            {
                return false;
            }

            target[length++] = (byte)value;
        }

        return true;
    }

    // RFC 3986 2.3. Also in Protocol's Grammar: neither room may reference the other.
    private static bool IsUnreserved(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~';

    // -1 has all bits set, so a pair with one bad digit is negative too.
    private static int Hex(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => -1,
    };
}
