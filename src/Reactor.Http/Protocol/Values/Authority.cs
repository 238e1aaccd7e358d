// host [ ":" port ] as in Host, in an absolute-form target and in CONNECT.
//
// RFC 9110 7.2 and 4.2, RFC 3986 3.2.2 and 3.2.3, read strictly: no user information, no empty
// host, no comma, no zone id, no future IP literal, no port of more than five digits.
//
// Two authorities are equal by RFC 9110 4.2.3 and RFC 3986 6.2.2 and 6.2.3: letters have no case,
// an escaped unreserved octet is that octet, an absent or empty port is that of the scheme. Names
// are not resolved, a final dot counts, and IP literals have no normal form.
using System.Text;

namespace Reactor.Http.Protocol;

internal static class Authority
{
    private const int PortMax = 65535;
    private const int PortDigitsMax = 5;
    private const int GroupsMax = 8;

    /// <summary>Whether <paramref name="text"/> is a host with an optional port.</summary>
    /// <remarks>CONNECT needs a port other than 0 (RFC 9110 9.3.6).</remarks>
    public static bool IsValid(ReadOnlySpan<byte> text, bool portNeeded = false)
    {
        int hostEnd = !text.IsEmpty && text[0] == (byte)'['
            ? LiteralEnd(text)
            : NameEnd(text);
        if (hostEnd <= 0)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = text[hostEnd..];
        if (rest.IsEmpty || rest is [(byte)':'])
        {
            return !portNeeded;
        }

        return rest[0] == (byte)':' && IsPort(rest[1..], portNeeded ? 1 : 0);
    }

    /// <summary>Whether two valid authorities are the same (RFC 9110 4.2.3).</summary>
    /// <remarks>An absent port is the default port, which is that of the scheme.</remarks>
    public static bool AreSame(
        ReadOnlySpan<byte> one, ReadOnlySpan<byte> other, int defaultPort)
    {
        if (Ascii.EqualsIgnoreCase(one, other))
        {
            return true;
        }

        return TakePort(ref one, defaultPort) == TakePort(ref other, defaultPort)
            && AreSameHosts(one, other);
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
        return digits.IsEmpty ? defaultPort : Number(digits);
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

    // The next octet in normal form, or -1. An escaped octet that is not unreserved gets 256 added,
    // since it differs from that octet.
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
            return 256 + octet;
        }

        return octet is >= 'A' and <= 'Z' ? octet | 0x20 : octet;
    }

    // The length of the leading reg-name (an IPv4 address is one too), or -1 for a bad escape.
    private static int NameEnd(ReadOnlySpan<byte> text)
    {
        int i = 0;
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

    private static bool IsPort(ReadOnlySpan<byte> text, int least)
    {
        int port = text.IsEmpty || text.Length > PortDigitsMax ? -1 : Number(text);
        return port >= least && port <= PortMax;
    }

    // Of a few octets; -1 if one is no digit.
    private static int Number(ReadOnlySpan<byte> digits)
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

    private static int LiteralEnd(ReadOnlySpan<byte> text)
    {
        int close = text.IndexOf((byte)']');
        return close > 0 && IsIPv6(text[1..close]) ? close + 1 : -1;
    }

    // IPv6address of RFC 3986 3.2.2: eight groups, one "::" for at least one group of zeros, and
    // perhaps an IPv4 address in place of the last two groups.
    private static bool IsIPv6(ReadOnlySpan<byte> text)
    {
        int groups = 0;
        bool compressed = false;
        int i = 0;
        if (text.StartsWith("::"u8))
        {
            compressed = true;
            i = 2;
        }

        while (i < text.Length)
        {
            int length = GroupLength(text[i..]);
            if (i + length < text.Length && text[i + length] == (byte)'.')
            {
                groups += 2;
                if (!IsIPv4(text[i..]))
                {
                    return false;
                }

                break;
            }

            groups++;
            i += length;
            if (length is 0 or > 4 || groups > GroupsMax)
            {
                return false;
            }

            if (i == text.Length)
            {
                break;
            }

            if (text[i++] != (byte)':' || i == text.Length)
            {
                return false;
            }

            if (text[i] == (byte)':')
            {
                if (compressed)
                {
                    return false;
                }

                compressed = true;
                i++;
            }
        }

        return compressed ? groups < GroupsMax : groups == GroupsMax;
    }

    private static int GroupLength(ReadOnlySpan<byte> text)
    {
        int length = 0;
        while (length < text.Length && Grammar.HexValue(text[length]) >= 0)
        {
            length++;
        }

        return length;
    }

    private static bool IsIPv4(ReadOnlySpan<byte> text)
    {
        for (int part = 0; part < 4; part++)
        {
            int dot = text.IndexOf((byte)'.');
            ReadOnlySpan<byte> octet = dot < 0 ? text : text[..dot];
            if (!IsOctet(octet) || (dot < 0) != (part == 3))
            {
                return false;
            }

            text = text[(dot + 1)..];
        }

        return true;
    }

    private static bool IsOctet(ReadOnlySpan<byte> text) =>
        text.Length is 1 or 2 or 3
        && (text.Length == 1 || text[0] != (byte)'0')
        && Number(text) is >= 0 and <= 255;
}
