namespace Reactor.Http;

/// <summary>
/// What makes two Set-Cookie fields one cookie (RFC 6265 5.3): its name, domain and path.
/// </summary>
/// <param name="Name">The name, which has a case.</param>
/// <param name="Domain">In lower case and without a leading dot; null: this host.</param>
/// <param name="Path">The path, which has a case; null: that of the request.</param>
internal readonly record struct CookieIdentity(string Name, string? Domain, string? Path)
{
    /// <summary>The cookie of a Set-Cookie value, read as RFC 6265 5.2 says.</summary>
    public static CookieIdentity Of(string setCookie)
    {
        string[] parts = setCookie.Split(';');
        string? domain = null;
        string? path = null;
        foreach (string part in parts.AsSpan(1))
        {
            int equals = part.IndexOf('=');
            ReadOnlySpan<char> name = part.AsSpan(0, equals < 0 ? part.Length : equals).Trim();
            string value = equals < 0 ? "" : part[(equals + 1)..].Trim();
            if (name.Equals("Domain", StringComparison.OrdinalIgnoreCase) && value.Length > 0)
            {
                domain = (value[0] == '.' ? value[1..] : value).ToLowerInvariant();
            }
            else if (name.Equals("Path", StringComparison.OrdinalIgnoreCase))
            {
                path = value is ['/', ..] ? value : null;
            }
        }

        return new CookieIdentity(parts[0].Split('=', 2)[0].Trim(), domain, path);
    }
}
