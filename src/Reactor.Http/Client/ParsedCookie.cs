using System.Globalization;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// A Set-Cookie field as it is read (RFC 6265 5.2): nearly anything is one, and what is not
/// understood is ignored. SameSite means nothing to a client, which has no site.
/// </summary>
/// <param name="Name">The name; not empty.</param>
/// <param name="Value">The value, with its quotes.</param>
/// <remarks>Immutable; any thread.</remarks>
internal sealed record ParsedCookie(string Name, string Value)
{
    /// <summary>The most characters of name and value together, as in browsers.</summary>
    public const int CookieMax = 4096;

    /// <summary>The most characters of an attribute's value (RFC 6265bis 5.6).</summary>
    public const int AttributeMax = 1024;

    private DateTimeOffset? _expires;
    private DateTimeOffset? _agesAt; // of Max-Age

    /// <summary>In lower case and without a leading dot; empty if there is none.</summary>
    public string Domain { get; private set; } = "";

    /// <summary>Begins with a slash; null if that of the request counts.</summary>
    public string? Path { get; private set; }

    /// <summary>When it ends; null: with the session. Max-Age takes precedence.</summary>
    public DateTimeOffset? Ends => _agesAt ?? _expires;

    public bool IsSecure { get; private set; }

    /// <summary>Reads a field; null if it is no cookie, or too large.</summary>
    public static ParsedCookie? Parse(string text, DateTimeOffset now)
    {
        // Controls could not be sent back (RFC 6265bis 5.6).
        ReadOnlySpan<char> rest = text;
        int equals = rest.IndexOfAny('=', ';');
        if (!FieldRules.IsValue(rest) || equals < 0 || rest[equals] == ';')
        {
            return null;
        }

        ReadOnlySpan<char> name = Trim(rest[..equals]);
        ReadOnlySpan<char> value = Trim(Take(rest[(equals + 1)..], out rest));
        if (name.IsEmpty || name.Length + value.Length > CookieMax)
        {
            return null;
        }

        var cookie = new ParsedCookie(name.ToString(), value.ToString());
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<char> attribute = Take(rest[1..], out rest);
            int mark = attribute.IndexOf('=');
            ReadOnlySpan<char> said = mark < 0 ? default : Trim(attribute[(mark + 1)..]);
            if (said.Length <= AttributeMax)
            {
                cookie.Read(Trim(mark < 0 ? attribute : attribute[..mark]), said, now);
            }
        }

        return cookie;
    }

    private void Read(ReadOnlySpan<char> name, ReadOnlySpan<char> value, DateTimeOffset now)
    {
        if (Is(name, "Expires"))
        {
            _expires = CookieDate.TryParse(value, out DateTimeOffset date) ? date : _expires;
        }
        else if (Is(name, "Max-Age"))
        {
            _agesAt = AgeOf(value) is { } age ? After(now, age) : _agesAt;
        }
        else if (Is(name, "Domain") && !value.IsEmpty)
        {
            Domain = (value[0] == '.' ? value[1..] : value).ToString().ToLowerInvariant();
        }
        else if (Is(name, "Path"))
        {
            Path = value is ['/', ..] ? value.ToString() : null;
        }
        else if (Is(name, "Secure"))
        {
            IsSecure = true;
        }
    }

    // Digits, with or without a minus; more than a number holds is the largest one.
    private static double? AgeOf(ReadOnlySpan<char> value) =>
        !(value is ['-', ..] ? value[1..] : value).ContainsAnyExceptInRange('0', '9')
        && double.TryParse(
            value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double age)
            ? age
            : null;

    private static DateTimeOffset After(DateTimeOffset now, double seconds) =>
        seconds <= 0 ? DateTimeOffset.MinValue
        : seconds < (DateTimeOffset.MaxValue - now).TotalSeconds ? now.AddSeconds(seconds)
        : DateTimeOffset.MaxValue;

    private static bool Is(ReadOnlySpan<char> name, string expected) =>
        name.Equals(expected, StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text) => text.Trim(" \t");

    // Up to a semicolon, which begins the rest.
    private static ReadOnlySpan<char> Take(ReadOnlySpan<char> text, out ReadOnlySpan<char> rest)
    {
        int end = text.IndexOf(';') is >= 0 and var semicolon ? semicolon : text.Length;
        rest = text[end..];
        return text[..end];
    }
}
