// Percent escapes in the path of a request (RFC 3986 2 and 6.2.2).
//
// A path is split on "/" first and each segment is decoded exactly once, so that an escaped slash
// never becomes a separator and "%2541" never becomes "A". A path with an escape that is none, or
// with an escaped NUL, is refused as a whole, wherever that stands. Octets that are no UTF-8 are
// valid in a URI: such a segment has no text, so it equals no literal and no parameter takes it.
//
// For comparison with a literal a segment is brought into normal form: escaped unreserved
// characters are decoded, other escapes keep their "%" and get upper-case digits, and "|" and "^",
// which some clients escape and others do not, are escaped.
using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Reactor.Http.Routing;

internal enum SegmentContent
{
    /// <summary>An escape that is none, or a NUL.</summary>
    Malformed,

    /// <summary>UTF-8.</summary>
    Text,

    /// <summary>Well-formed, and no UTF-8.</summary>
    Octets,
}

internal static class PathSegment
{
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Room for the normal form of a text, in characters for each of it.</summary>
    public const int NormalGrowth = 3;

    private const string Escaped = "|^";

    /// <summary>Whether all escapes of a segment are well-formed, and what they make up.</summary>
    public static SegmentContent ContentOf(ReadOnlySpan<char> segment)
    {
        if (!segment.Contains('%'))
        {
            return segment.ContainsAnyExceptInRange((char)1, (char)0x7E)
                ? SegmentContent.Malformed
                : SegmentContent.Text;
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(segment.Length);
        SegmentContent content =
            !TryDecodeBytes(segment, rented, out int length) ? SegmentContent.Malformed
            : Utf8.IsValid(rented.AsSpan(0, length)) ? SegmentContent.Text
            : SegmentContent.Octets;
        ArrayPool<byte>.Shared.Return(rented);
        return content;
    }

    /// <summary>Decodes a segment that is text, once, as UTF-8.</summary>
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
            else if (value > 0x7E)
            {
                return false;
            }

            if (value <= 0)
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
