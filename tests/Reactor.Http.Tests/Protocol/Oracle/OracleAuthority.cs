// host [ ":" port ], on strings: RFC 3986 3.2.2 with the strictness that the server promises (no
// user information, no empty host, no comma, no zone, no future literal, ports of five digits); and
// the normal form in which two of them are compared (RFC 9110 4.2.3, RFC 3986 6.2.2 and 6.2.3).
using System.Globalization;
using System.Text.RegularExpressions;

namespace Reactor.Http.Tests.Oracle;

public static class OracleAuthority
{
    public static bool IsValid(string text, bool connect)
    {
        int hostEnd = text.StartsWith('[') ? text.IndexOf(']') + 1 : text.IndexOf(':');
        string host = hostEnd < 0 ? text : text[..hostEnd];
        string rest = hostEnd < 0 ? "" : text[hostEnd..];
        bool isHost = host.StartsWith('[') ? IsLiteral(host) : IsName(host);
        return isHost && (rest is "" or ":" ? !connect : IsPort(rest, connect ? 1 : 0));
    }

    /// <summary>A valid authority in normal form, always with its port.</summary>
    public static string Normal(string text, bool isHttps)
    {
        Match parts = Regex.Match(text, @"^(?<host>\[.*\]|[^:]*)(:(?<port>[0-9]*))?\z");
        string host = Regex.Replace(parts.Groups["host"].Value, "%(..)", escape =>
        {
            int octet = Convert.ToInt32(escape.Groups[1].Value, 16);
            return octet < 128 && Regex.IsMatch($"{(char)octet}", @"^[-A-Za-z0-9._~]\z")
                ? $"{(char)octet}" : escape.Value;
        });
        string port = parts.Groups["port"].Value;
        int number = port.Length > 0 ? int.Parse(port, CultureInfo.InvariantCulture)
            : isHttps ? 443 : 80;
        return $"{host.ToLowerInvariant()} {number}";
    }

    private static bool IsPort(string rest, int least) =>
        rest.Length is >= 2 and <= 6 && rest[0] == ':' && rest[1..].All(char.IsAsciiDigit)
        && int.Parse(rest[1..], CultureInfo.InvariantCulture) is int port
        && port >= least && port <= 65535;

    private static bool IsName(string name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] == '%')
            {
                if (i + 2 >= name.Length || !char.IsAsciiHexDigit(name[i + 1])
                    || !char.IsAsciiHexDigit(name[i + 2]))
                {
                    return false;
                }

                i += 2;
            }
            else if (!char.IsAsciiLetterOrDigit(name[i]) && !"-._~!$&'()*+;=".Contains(name[i]))
            {
                return false;
            }
        }

        return name.Length > 0;
    }

    private static bool IsLiteral(string host)
    {
        if (host.Length < 2 || host[^1] != ']')
        {
            return false;
        }

        string[] sides = host[1..^1].Split("::");
        int left = Groups(sides[0], last: sides.Length == 1);
        if (sides.Length == 1)
        {
            return left == 8;
        }

        int right = sides.Length == 2 ? Groups(sides[1], last: true) : -1;
        return left >= 0 && right >= 0 && left + right <= 7;
    }

    // How many groups of 16 bits; -1 for what is none.
    private static int Groups(string side, bool last)
    {
        if (side.Length == 0)
        {
            return 0;
        }

        string[] groups = side.Split(':');
        int count = 0;
        for (int i = 0; i < groups.Length; i++)
        {
            bool dotted = last && i == groups.Length - 1 && groups[i].Contains('.');
            bool good = dotted
                ? IsDotted(groups[i])
                : groups[i].Length is >= 1 and <= 4 && groups[i].All(char.IsAsciiHexDigit);
            if (!good)
            {
                return -1;
            }

            count += dotted ? 2 : 1;
        }

        return count;
    }

    private static bool IsDotted(string text) =>
        text.Split('.') is { Length: 4 } parts && parts.All(part =>
            part.Length is >= 1 and <= 3 && part.All(char.IsAsciiDigit)
            && (part.Length == 1 || part[0] != '0')
            && int.Parse(part, CultureInfo.InvariantCulture) <= 255);
}
