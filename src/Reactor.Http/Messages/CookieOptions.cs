using System.Buffers;
using System.Globalization;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>Which requests of other sites carry a cookie (RFC 6265bis).</summary>
public enum SameSite
{
    /// <summary>The attribute is not sent: the browser decides.</summary>
    Unset,

    /// <summary>Only requests of the same site, and a link that is followed here.</summary>
    Lax,

    /// <summary>Only requests of the same site.</summary>
    Strict,

    /// <summary>All requests; the cookie must be secure.</summary>
    None,
}

/// <summary>
/// The attributes of a cookie (RFC 6265 4.1). By default scripts and requests of other sites do not
/// get it. Immutable.
/// </summary>
public sealed record CookieOptions
{
    /// <summary>The path under which it is sent; null for that of the request.</summary>
    public string? Path { get; init; } = "/";

    /// <summary>The domain; null for this host only.</summary>
    public string? Domain { get; init; }

    /// <summary>How long it lives; null for the browser's session.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>When it ends; <see cref="MaxAge"/> takes precedence.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Whether it is sent only over secured connections.</summary>
    public bool IsSecure { get; init; }

    /// <summary>Whether it is hidden from scripts. Default true.</summary>
    public bool IsHttpOnly { get; init; } = true;

    /// <summary>Which requests of other sites carry it. Default Lax.</summary>
    public SameSite SameSite { get; init; } = SameSite.Lax;
}

/// <summary>Writes the value of Set-Cookie.</summary>
internal static class CookieWriter
{
    // cookie-octet: no CTL, whitespace, quote, comma, semicolon or backslash (RFC 6265 4.1.1).
    private static readonly SearchValues<char> s_octets = SearchValues.Create(
        "!#$%&'()*+-./0123456789:<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"
    );

    /// <exception cref="ArgumentException">A part is invalid.</exception>
    public static string Format(string name, string value, CookieOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!FieldRules.IsName(name))
        {
            throw new ArgumentException("A cookie's name must be a token (RFC 6265 4.1.1).");
        }

        if (value.AsSpan().ContainsAnyExcept(s_octets))
        {
            throw new ArgumentException(
                "A cookie's value must have no control, whitespace, quote, comma, semicolon, "
                + "backslash or non-ASCII character (RFC 6265 4.1.1): encode it, as with "
                + "Uri.EscapeDataString.");
        }

        RequireConsistent(name, options);
        var cookie = new StringBuilder(name).Append('=').Append(value);
        Append(cookie, "Domain", options.Domain);
        Append(cookie, "Path", options.Path);
        if (options.MaxAge is { } age)
        {
            long seconds = Math.Max(0, age.Ticks / TimeSpan.TicksPerSecond);
            cookie.Append("; Max-Age=").Append(seconds.ToString(CultureInfo.InvariantCulture));
        }

        if (options.Expires is { } expires)
        {
            Span<byte> date = stackalloc byte[HttpDate.Length];
            HttpDate.Format(expires, date);
            cookie.Append("; Expires=").Append(Encoding.ASCII.GetString(date));
        }

        cookie.Append(options.IsSecure ? "; Secure" : "");
        cookie.Append(options.IsHttpOnly ? "; HttpOnly" : "");
        cookie.Append(options.SameSite == SameSite.Unset ? "" : $"; SameSite={options.SameSite}");
        return cookie.ToString();
    }

    // Browsers would drop it silently.
    private static void RequireConsistent(string name, CookieOptions options)
    {
        bool isHost = name.StartsWith("__Host-", StringComparison.OrdinalIgnoreCase);
        bool mustBeSecure = isHost || options.SameSite == SameSite.None
            || name.StartsWith("__Secure-", StringComparison.OrdinalIgnoreCase);
        if (mustBeSecure && !options.IsSecure)
        {
            throw new ArgumentException(
                $"The cookie '{name}' must be secure: set IsSecure, or browsers drop it.");
        }

        if (isHost && (options.Domain is not null || options.Path != "/"))
        {
            throw new ArgumentException(
                $"The cookie '{name}' is for this host: no Domain, and Path must be '/'.");
        }
    }

    private static void Append(StringBuilder cookie, string name, string? value)
    {
        if (value is null)
        {
            return;
        }

        if (value.Contains(';') || value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException(
                $"{name} of a cookie must be ASCII without ';' and controls (RFC 6265 4.1.1).");
        }

        cookie.Append("; ").Append(name).Append('=').Append(value);
    }
}
