// The character classes of RFC 9110 and RFC 9112. An octet above 0x7F is in none of them.
using System.Buffers;
using System.Runtime.CompilerServices;

namespace Reactor.Http.Protocol;

internal static class Grammar
{
    public const byte Tab = (byte)'\t';
    public const byte Lf = (byte)'\n';
    public const byte Cr = (byte)'\r';
    public const byte Space = (byte)' ';

    /// <summary>tchar, RFC 9110 5.6.2.</summary>
    public static readonly OctetSet Token = new(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    /// <summary>
    /// The characters of a request target before its query: those of RFC 3986 without "?", and "|"
    /// and "^", which browsers do not escape (docs/decisions/0008).
    /// </summary>
    public static readonly OctetSet TargetPath = new(
        "!$%&'()*+,-./0123456789:;=@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz|~"u8);

    /// <summary>
    /// The characters of a query: those of RFC 3986 and all that the WHATWG URL standard does not
    /// escape there.
    /// </summary>
    public static readonly OctetSet TargetQuery = new(
        "!$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ"u8
        + "[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    /// <summary>
    /// Every CTL but HTAB: the grammar of RFC 9110 5.5 excludes them.
    /// </summary>
    public static readonly SearchValues<byte> Control = SearchValues.Create(
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000A\u000B\u000C\u000D"u8
        + "\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A"u8
        + "\u001B\u001C\u001D\u001E\u001F\u007F"u8);

    /// <summary>
    /// reg-name of RFC 3986 3.2.2 without the comma, as in a merged pair of Host fields, and
    /// without "%", which is checked by hand.
    /// </summary>
    public static readonly OctetSet RegName = new(
        "-._~!$&'()*+;=0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWhitespace(byte b) => b is Space or Tab;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsDigit(byte b) => (uint)(b - '0') <= 9;

    /// <summary>Whether every octet of a target may stand where it stands.</summary>
    public static bool IsTarget(ReadOnlySpan<byte> text)
    {
        int end = TargetPath.NextOutside(text, 0);
        return end == text.Length
            || (text[end] == (byte)'?' && TargetQuery.NextOutside(text, end) == text.Length);
    }

    /// <summary>unreserved, RFC 3986 2.3.</summary>
    public static bool IsUnreserved(byte b) =>
        char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~';

    public static bool IsToken(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && Token.NextOutside(text, 0) == text.Length;

    /// <summary>The value of a HEXDIG of either case, or -1 (RFC 5234 B.1, RFC 9112 7.1).</summary>
    public static int HexValue(byte b)
    {
        if (IsDigit(b))
        {
            return b - '0';
        }

        int letter = (b | 0x20) - 'a';
        return (uint)letter <= 5 ? letter + 10 : -1;
    }

    /// <summary>Removes OWS, which is SP and HTAB, from both ends (RFC 9110 5.6.3).</summary>
    public static ReadOnlySpan<byte> TrimWhitespace(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);

    /// <summary>
    /// The place of the first octet that differs from a shape, or -1; the text may be shorter. In a
    /// shape, "0" stands for a digit and "a" for a letter.
    /// </summary>
    public static int Mismatch(ReadOnlySpan<byte> text, ReadOnlySpan<byte> shape)
    {
        for (int i = 0; i < text.Length && i < shape.Length; i++)
        {
            bool fits = shape[i] switch
            {
                (byte)'0' => IsDigit(text[i]),
                (byte)'a' => char.IsAsciiLetter((char)text[i]),
                _ => text[i] == shape[i],
            };
            if (!fits)
            {
                return i;
            }
        }

        return -1;
    }
}
