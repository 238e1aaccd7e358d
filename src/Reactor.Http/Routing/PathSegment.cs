// Percent escapes in the path of a request (RFC 3986 2 and 6.2.2).
//
// A path is split on "/" first and each segment is decoded exactly once, so that an escaped slash
// never becomes a separator and "%2541" never becomes "A". A path with an escape that is none is
// refused as a whole, wherever that stands.
//
// Some segments are valid in a URI and dangerous once decoded: a handler that appends the value to
// the path of a folder would leave that folder. Those are the dot segments "." and "..", escaped or
// not; a slash, a backslash or a NUL behind an escape, and a plain backslash; and octets that are
// no UTF-8, which have no text at all. They equal no literal, and only a pattern that asks for the
// raw value takes them. An empty segment is as dangerous where more follows: "//etc" is an absolute
// path.
//
// For comparison with a literal a segment is brought into normal form: escaped unreserved
// characters are decoded, other escapes keep their "%" and get upper-case digits, and "|" and "^",
// which some clients escape and others do not, are escaped.
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Reactor.Http.Routing;

internal enum SegmentContent
{
    /// <summary>An escape that is none, or a character that no path has.</summary>
    Malformed,

    /// <summary>UTF-8, and one segment of a path after decoding too.</summary>
    Safe,

    /// <summary>Well-formed; to be captured raw only.</summary>
    Unsafe,
}

internal static class PathSegment
{
    private static readonly SearchValues<char> s_ascii =
        SearchValues.Create([.. Enumerable.Range(1, 0x7E).Select(code => (char)code)]);

    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Room for the normal form of a text, in characters for each of it.</summary>
    public const int NormalGrowth = 3;

    private const string Escaped = "|^";

    /// <summary>Whether all escapes of a segment are well-formed, and what they make up.</summary>
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

    /// <summary>Decodes text that need not be safe, as that of a query.</summary>
    /// <returns>False for a malformed escape, a NUL, and what is no UTF-8.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? decoded)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(text.Length);
        bool isText = TryDecodeBytes(text, rented, out int length)
            && !rented.AsSpan(0, length).Contains((byte)0)
            && Utf8.IsValid(rented.AsSpan(0, length));
        decoded = isText ? s_strict.GetString(rented, 0, length) : null;
        ArrayPool<byte>.Shared.Return(rented);
        return isText;
    }

    /// <summary>Decodes a segment that is safe, once, as UTF-8.</summary>
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

    /// <summary>Whether a segment may differ from its normal form.</summary>
    public static bool NeedsNormalising(ReadOnlySpan<char> segment) =>
        segment.IndexOfAny('%', '|', '^') >= 0;

    /// <summary>Brings a segment or path whose escapes are well-formed into normal form.</summary>
    /// <param name="text">The text; slashes are left alone.</param>
    /// <param name="target">At least <see cref="NormalGrowth"/> times as long.</param>
    /// <returns>How long the normal form is.</returns>
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

    // RFC 3986 2.3. Also in Protocol/Grammar.cs: neither room may refer to the other.
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
