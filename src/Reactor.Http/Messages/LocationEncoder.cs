using System.Buffers;
using System.Text;

namespace Reactor.Http;

/// <summary>
/// Encodes a URI reference for Location or Link, which may hold client input: it cannot end the
/// field, and a path cannot become another host (RFC 9112 11.1, RFC 3986 4.2).
/// </summary>
/// <remarks>
/// Pure; any thread. Browsers read <c>\</c> as <c>/</c> and <c>//host</c> as a host, so every run
/// of the two at the start of a path becomes one <c>/</c>.
/// </remarks>
internal static class LocationEncoder
{
    // RFC 3986 2.2 and 2.3.
    private static readonly SearchValues<char> s_plain = SearchValues.Create(
        "!#$&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz~");

    /// <exception cref="ArgumentException">
    /// It is empty, names a scheme other than http and https, or has no host where one must be.
    /// </exception>
    public static string Encode(string location)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        int start = AuthorityStart(location);
        var encoded = new StringBuilder(location.Length + 16);
        ReadOnlySpan<char> rest = location;
        if (start > 0)
        {
            int length = rest[start..].IndexOfAny("/\\?#");
            int end = length < 0 ? rest.Length : start + length;
            RequireHost(rest[start..end]);
            encoded.Append(rest[..end]);
            rest = rest[end..];
        }

        ReadOnlySpan<char> path = rest.TrimStart("/\\");
        if (path.Length < rest.Length)
        {
            encoded.Append('/');
        }
        else if (start == 0)
        {
            RequireNoScheme(path);
        }

        PercentEncoding.Append(encoded, path, s_plain);
        return encoded.ToString();
    }

    /// <exception cref="ArgumentOutOfRangeException">It is no status of a redirect.</exception>
    public static int RequireRedirect(int status) => status is 301 or 302 or 303 or 307 or 308
        ? status
        : throw new ArgumentOutOfRangeException(
            nameof(status), status, "A redirect is 301, 302, 303, 307 or 308.");

    // Where the host begins if the location names one; 0 if it is relative to this one.
    private static int AuthorityStart(string location) =>
        location.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? "http://".Length
        : location.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? "https://".Length
        : 0;

    private static void RequireHost(ReadOnlySpan<char> authority)
    {
        // Userinfo can make a host look like another (RFC 9110 4.2.4).
        if (authority.IsEmpty || authority.Contains('@') || authority.ContainsAnyExcept(s_plain))
        {
            throw new ArgumentException(
                "A location with a scheme must have a host, without userinfo.", nameof(authority));
        }
    }

    private static void RequireNoScheme(ReadOnlySpan<char> path)
    {
        int colon = path.IndexOf(':');
        int stop = path.IndexOfAny("/\\?#");
        if (colon >= 0 && (stop < 0 || colon < stop))
        {
            throw new ArgumentException(
                "A location is a path, or a URI of http or https; write './' before a colon that "
                + "belongs to a path.",
                nameof(path));
        }
    }
}
