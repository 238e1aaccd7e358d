// Digits are compared by hand: a general number parser accepts signs, spaces and separators, so two
// parties could see two lengths.
using System.Text;

namespace Reactor.Http.Protocol;

internal static class Framing
{
    /// <summary>
    /// Content-Length: 1*DIGIT without leading zeros, at most 2^63-1 (RFC 9110 8.6).
    /// </summary>
    public static Rejection ParseLength(ReadOnlySpan<byte> value, out long length)
    {
        length = -1;
        if (value.IsEmpty)
        {
            return Rejection.LengthInvalid;
        }

        if (value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return value.Contains((byte)',') ? Rejection.LengthRepeated : Rejection.LengthInvalid;
        }

        if (value[0] == (byte)'0' && value.Length > 1)
        {
            return Rejection.LengthLeadingZero;
        }

        long sum = 0;
        foreach (byte b in value)
        {
            int digit = b - '0';
            if (sum > (long.MaxValue - digit) / 10)
            {
                return Rejection.LengthOverflow;
            }

            sum = (sum * 10) + digit;
        }

        length = sum;
        return Rejection.None;
    }

    /// <summary>
    /// A list of equal lengths, which a recipient may take for one (RFC 9110 8.6).
    /// </summary>
    public static Rejection ParseEqualLengths(ReadOnlySpan<byte> value, out long length)
    {
        length = -1;
        foreach (ReadOnlySpan<byte> element in new FieldList(value))
        {
            Rejection wrong = ParseLength(element, out long next);
            if (wrong != Rejection.None || (length >= 0 && next != length))
            {
                return wrong == Rejection.None ? Rejection.LengthRepeated : wrong;
            }

            length = next;
        }

        return Rejection.None;
    }

    /// <summary>
    /// Transfer-Encoding: accepts exactly <c>chunked</c>. The reason distinguishes a list whose
    /// last coding is not chunked (RFC 9112 6.3: 400) from a coding before chunked (6.1: 501).
    /// </summary>
    public static Rejection CheckCoding(ReadOnlySpan<byte> value)
    {
        if (Ascii.EqualsIgnoreCase(value, "chunked"u8))
        {
            return Rejection.None;
        }

        int chunked = 0;
        bool last = false;
        foreach (ReadOnlySpan<byte> element in new FieldList(value))
        {
            int semicolon = element.IndexOf((byte)';');
            ReadOnlySpan<byte> name =
                Grammar.TrimWhitespace(semicolon < 0 ? element : element[..semicolon]);
            last = Ascii.EqualsIgnoreCase(name, "chunked"u8);
            if (!Grammar.IsToken(name) || (last && semicolon >= 0))
            {
                return Rejection.CodingInvalid;
            }

            chunked += last ? 1 : 0;
        }

        if (chunked > 1)
        {
            return Rejection.CodingRepeated;
        }

        return last ? Rejection.CodingUnknown : Rejection.CodingNotChunkedLast;
    }
}

/// <summary>
/// The connection options of one message (RFC 9110 7.6.1), over all its Connection lines.
/// </summary>
internal struct ConnectionOptions(int emptyElementsMax)
{
    private int _empty;

    public bool Close { get; private set; }

    public bool KeepAlive { get; private set; }

    public bool Upgrade { get; private set; }

    public Rejection Add(ReadOnlySpan<byte> value)
    {
        if (value.SequenceEqual("keep-alive"u8))
        {
            KeepAlive = true; // what browsers send
            return Rejection.None;
        }

        foreach (ReadOnlySpan<byte> option in new FieldList(value))
        {
            if (option.IsEmpty)
            {
                if (++_empty > emptyElementsMax)
                {
                    return Rejection.ListEmptyElements;
                }

                continue;
            }

            if (!Grammar.IsToken(option))
            {
                return Rejection.ListInvalid;
            }

            Close |= Ascii.EqualsIgnoreCase(option, "close"u8);
            KeepAlive |= Ascii.EqualsIgnoreCase(option, "keep-alive"u8);
            Upgrade |= Ascii.EqualsIgnoreCase(option, "upgrade"u8);
        }

        return Rejection.None;
    }

    /// <summary>RFC 9112 9.3: close wins; 1.1 persists by default, 1.0 on request.</summary>
    public readonly bool KeepsAlive(int versionMinor) => !Close && (versionMinor > 0 || KeepAlive);
}
