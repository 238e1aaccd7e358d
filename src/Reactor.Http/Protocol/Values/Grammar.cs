// The character classes of RFC 9110 and RFC 9112, each with its section, and tests on single
// octets.
//
// Everything works on octets. Nothing here knows case folding, digits or spaces of any culture: a
// byte above 0x7F is never a letter, a digit or whitespace.
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
    public static readonly SearchValues<byte> Token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    /// <summary>
    /// What a request target may hold before its query: the characters of RFC 3986 without "?",
    /// and "|" and "^", which browsers send as they are (docs/decisions/0008).
    /// </summary>
    public static readonly SearchValues<byte> TargetPath = SearchValues.Create(
        "!$%&'()*+,-./0123456789:;=@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz|~"u8);

    /// <summary>
    /// What the query may hold: the characters of RFC 3986, and all that the query percent-encode
    /// set of the WHATWG URL standard leaves as it is. Not DQUOTE, "#", "&lt;", "&gt;".
    /// </summary>
    public static readonly SearchValues<byte> TargetQuery = SearchValues.Create(
        "!$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ"u8
        + "[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    /// <summary>
    /// Octets that end or spoil a field value: every CTL but HTAB. RFC 9110 5.5 names CR, LF and
    /// NUL; its grammar (field-vchar is VCHAR or obs-text) excludes the others too.
    /// </summary>
    public static readonly SearchValues<byte> Control = SearchValues.Create(MakeControls());

    /// <summary>
    /// reg-name of RFC 3986 3.2.2 without the comma, which would let a merged pair of Host fields
    /// pass, and without "%", which is checked by hand.
    /// </summary>
    public static readonly SearchValues<byte> RegName = SearchValues.Create(
        "-._~!$&'()*+;=0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWhitespace(byte b) => b is Space or Tab;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsDigit(byte b) => (uint)(b - '0') <= 9;

    /// <summary>Whether every octet of a target may stand where it stands.</summary>
    public static bool IsTarget(ReadOnlySpan<byte> text)
    {
        int mark = text.IndexOf((byte)'?');
        return mark < 0
            ? !text.ContainsAnyExcept(TargetPath)
            : !text[..mark].ContainsAnyExcept(TargetPath)
                && !text[mark..].ContainsAnyExcept(TargetQuery);
    }

    /// <summary>unreserved, RFC 3986 2.3.</summary>
    public static bool IsUnreserved(byte b) =>
        char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~';

    public static bool IsToken(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && !text.ContainsAnyExcept(Token);

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

    /// <summary>
    /// Takes OWS, that is SP and HTAB and nothing else, off both ends (RFC 9110 5.6.3).
    /// </summary>
    public static ReadOnlySpan<byte> TrimWhitespace(ReadOnlySpan<byte> text)
    {
        int start = 0;
        int end = text.Length;
        while (start < end && IsWhitespace(text[start]))
        {
            start++;
        }

        while (end > start && IsWhitespace(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    private static byte[] MakeControls()
    {
        List<byte> controls = [0x7F];
        for (byte b = 0; b < 0x20; b++)
        {
            if (b != Tab)
            {
                controls.Add(b);
            }
        }

        return [.. controls];
    }
}
