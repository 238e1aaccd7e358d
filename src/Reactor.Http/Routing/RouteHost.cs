// The host of a route: a name such as `api.example.com`; `*.example.com` for every name that ends
// with `.example.com`; or "" for all hosts. Names are compared in normal form: lower case, without
// port and without a final dot, which only says that the name is complete (RFC 1034 3.1).
using System.Buffers;

namespace Reactor.Http.Routing;

internal static class RouteHost
{
    /// <summary>Characters of a name: no DNS name is longer, with room for escapes.</summary>
    public const int LengthMax = 300;

    private const string Wildcard = "*.";

    // RFC 3986 3.2.2, without escapes and without what no host has.
    private static readonly SearchValues<char> s_name =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._~");

    private static readonly SearchValues<char> s_ipv6 = SearchValues.Create("0123456789abcdef:.");

    public static bool IsWildcard(string host) =>
        host.StartsWith(Wildcard, StringComparison.Ordinal);

    /// <summary>The normal form of a host of a route.</summary>
    /// <exception cref="ArgumentException">It is no host name.</exception>
    public static string Normalise(string host)
    {
        string normal = host.ToLowerInvariant();
        normal = normal.EndsWith('.') ? normal[..^1] : normal;
        ReadOnlySpan<char> name = IsWildcard(normal) ? normal.AsSpan(Wildcard.Length) : normal;
        if (name.Contains('*'))
        {
            throw Bad(host, "'*' stands only for the first labels, as in '*.example.com'");
        }

        if (name.ContainsAnyExceptInRange('\0', '\x7F'))
        {
            throw Bad(host, "clients send the ASCII form of an international name, 'xn--...'");
        }

        bool isLiteral = name is ['[', .., ']'] && !name[1..^1].ContainsAnyExcept(s_ipv6);
        if (!isLiteral && name.Contains(':'))
        {
            throw Bad(host, "a host has no scheme and no port, and an IPv6 address is in brackets");
        }

        if (!isLiteral && (name.ContainsAnyExcept(s_name) || name.IndexOf("..") >= 0
            || name is [] or ['.', ..] || name.Length > LengthMax))
        {
            throw Bad(host, "write a name such as 'api.example.com' or '*.example.com'");
        }

        return normal;
    }

    private static ArgumentException Bad(string host, string why) =>
        new($"The host '{host}' of a route is not usable: {why}.", nameof(host));
}
