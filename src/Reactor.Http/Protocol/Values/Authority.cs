// host [ ":" port ] of RFC 9110 7.2 and 4.2, RFC 3986 3.2.2 and 3.2.3, read strictly: no user
// information, empty host, comma, zone id, future IP literal, nor port of more than five digits.
//
// Two authorities are equal by RFC 9110 4.2.3 and RFC 3986 6.2.2 and 6.2.3: letters have no case,
// an escaped unreserved octet is that octet, an absent or empty port is that of the scheme. A final
// dot counts, and IP literals have no normal form.
using System.Runtime.CompilerServices;
using System.Text;

namespace Reactor.Http.Protocol;

internal static class Authority
{
    private const int PortMax = 65535;
    private const int PortDigitsMax = 5;
    private const int EscapedOctet = 256;

    private static readonly OctetSet s_ipv6 = new("0123456789abcdefABCDEF:."u8);

    /// <summary>Whether the end of a text is a host with an optional port.</summary>
    /// <remarks>CONNECT needs a port other than 0 (RFC 9110 9.3.6).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsValid(ReadOnlySpan<byte> text, int from, bool portNeeded = false)
    {
        int hostEnd = Grammar.RegName.NextOutside(text, from);
        if (hostEnd < text.Length && text[hostEnd] is (byte)'[' or (byte)'%')
        {
            hostEnd = hostEnd == from && text[from] == (byte)'['
                ? LiteralEnd(text, from)
                : NameEnd(text, hostEnd);
        }

        if (hostEnd <= from)
        {
            return false;
        }

        return hostEnd == text.Length
            ? !portNeeded
            : text[hostEnd] == (byte)':' && IsPort(text[(hostEnd + 1)..], portNeeded);
    }

    /// <summary>Whether two valid authorities are the same (RFC 9110 4.2.3).</summary>
    public static bool AreSame(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other, int defaultPort)
    {
        if (Ascii.EqualsIgnoreCase(one, other))
        {
            return true;
        }

        return TakePort(ref one, defaultPort) == TakePort(ref other, defaultPort)
            && AreSameHosts(one, other);
    }

    /// <summary>
    /// Writes the host of a valid authority in normal form, at most as long, and returns its
    /// length: without port, without a final dot, in lower case, escapes only where necessary.
    /// </summary>
    public static int WriteHost(ReadOnlySpan<byte> authority, Span<char> target)
    {
        TakePort(ref authority, 0);
        int length = 0;
        if (!authority.Contains((byte)'%'))
        {
            Ascii.ToLower(authority, target, out length);
            authority = default;
        }

        for (int octet; (octet = TakeOctet(ref authority)) >= 0;)
        {
            if (octet < EscapedOctet)
            {
                target[length++] = (char)octet;
                continue;
            }

            target[length++] = '%';
            target[length++] = "0123456789ABCDEF"[(octet >> 4) & 0xF];
            target[length++] = "0123456789ABCDEF"[octet & 0xF];
        }

        return length > 0 && target[length - 1] == '.' ? length - 1 : length;
    }

    private static int TakePort(ref ReadOnlySpan<byte> authority, int defaultPort)
    {
        int colon = authority.LastIndexOf((byte)':');
        if (colon < 0 || authority[^1] == (byte)']')
        {
            return defaultPort;
        }

        ReadOnlySpan<byte> digits = authority[(colon + 1)..];
        authority = authority[..colon];
        return digits.IsEmpty ? defaultPort : PortValue(digits);
    }

    private static bool AreSameHosts(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        int octet;
        do
        {
            octet = TakeOctet(ref one);
            if (octet != TakeOctet(ref other))
            {
                return false;
            }
        }
        while (octet >= 0);
        return true;
    }

    // The next octet in normal form, or -1. To an escaped octet that is not unreserved EscapedOctet
    // is added, since it differs from that octet.
    private static int TakeOctet(ref ReadOnlySpan<byte> host)
    {
        if (host.IsEmpty)
        {
            return -1;
        }

        bool isEscape = host[0] == (byte)'%';
        int octet = isEscape
            ? (Grammar.HexValue(host[1]) << 4) | Grammar.HexValue(host[2])
            : host[0];
        host = host[(isEscape ? 3 : 1)..];
        if (isEscape && !Grammar.IsUnreserved((byte)octet))
        {
            return EscapedOctet + octet;
        }

        return octet is >= 'A' and <= 'Z' ? octet | 0x20 : octet;
    }

    // The end of the reg-name (an IPv4 address is one too), or -1 for a bad escape.
    private static int NameEnd(ReadOnlySpan<byte> text, int i)
    {
        while (true)
        {
            i = Grammar.RegName.NextOutside(text, i);
            if (i == text.Length || text[i] != (byte)'%')
            {
                return i;
            }

            if (i + 2 >= text.Length
                || Grammar.HexValue(text[i + 1]) < 0
                || Grammar.HexValue(text[i + 2]) < 0)
            {
                return -1;
            }

            i += 3;
        }
    }

    private static bool IsPort(ReadOnlySpan<byte> text, bool needed)
    {
        if (text.IsEmpty)
        {
            return !needed;
        }

        int port = text.Length > PortDigitsMax ? -1 : PortValue(text);
        return port >= (needed ? 1 : 0) && port <= PortMax;
    }

    // Of at most five octets; -1 if one is no digit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PortValue(ReadOnlySpan<byte> digits)
    {
        int port = 0;
        foreach (byte b in digits)
        {
            if (!Grammar.IsDigit(b))
            {
                return -1;
            }

            port = (port * 10) + (b - '0');
        }

        return port;
    }

    private static int LiteralEnd(ReadOnlySpan<byte> text, int from)
    {
        int close = from + text[from..].IndexOf((byte)']');
        return close > from && IsIPv6(text[(from + 1)..close]) ? close + 1 : -1;
    }

    // IPv6address of RFC 3986 3.2.2. The library also accepts a zone, and zeros before the last
    // octet of an IPv4 address.
    private static bool IsIPv6(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> lastOctet = text[(text.LastIndexOf((byte)'.') + 1)..];
        bool isPadded = lastOctet.Length < text.Length && lastOctet is [(byte)'0', _, ..];
        return !isPadded
            && text.Contains((byte)':')
            && s_ipv6.NextOutside(text, 0) == text.Length
            && System.Net.IPAddress.IsValidUtf8(text);
    }
}
