using System.Buffers;
using System.Text;

namespace Reactor.Http;

/// <summary>
/// A URL that a request can be sent to: where to connect, and what the request line and Host say.
/// </summary>
/// <remarks>
/// <para>Immutable; any thread. Parsing is pure: no name is resolved.</para>
/// <para>
/// Escapes stay as they are given, since <c>%2F</c> and <c>/</c> differ for a server, and a signed
/// URL has one spelling only. Other characters that RFC 3986 does not allow in their place, such as
/// blanks, are escaped; control characters are refused. Dot segments are removed (RFC 3986 5.2.4).
/// A backslash is text and no slash.
/// </para>
/// </remarks>
internal sealed class ClientUrl
{
    public const string NoTls =
        "https: is not supported until TLS is added to this client: use http:, or HttpClient.";

    // pchar and "/" of RFC 3986 3.3; a query and a fragment also have "?" (3.4, 3.5).
    private const string PathCharacters = "!$&'()*+,-./0123456789:;=@_~"
        + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly SearchValues<char> s_path = SearchValues.Create(PathCharacters);
    private static readonly SearchValues<char> s_query = SearchValues.Create(PathCharacters + "?");

    private ClientUrl(ClientOrigin origin, string path, string query, string fragment)
    {
        Origin = origin;
        Path = path;
        Query = query;
        Fragment = fragment;
        Authority = origin.Authority;
        Target = path + query;
    }

    public ClientOrigin Origin { get; }

    /// <summary>The value of Host.</summary>
    public string Authority { get; }

    /// <summary>The path; begins with a slash.</summary>
    public string Path { get; }

    /// <summary>The query with its <c>?</c>, or empty.</summary>
    public string Query { get; }

    /// <summary>The fragment with its <c>#</c>, or empty; it is not sent.</summary>
    public string Fragment { get; }

    /// <summary>The target in origin form (RFC 9112 3.2.1).</summary>
    public string Target { get; }

    /// <summary>The target in absolute form, for a proxy (RFC 9112 3.2.2).</summary>
    public string AbsoluteTarget => $"http://{Authority}{Target}";

    /// <summary>
    /// For users. Its <see cref="Uri.OriginalString"/> is what was sent, with the fragment; its
    /// other members have the normal form of the runtime.
    /// </summary>
    public Uri ToUri() => new(ToString());

    /// <summary>Parses a URL.</summary>
    /// <param name="text">An <c>http:</c> URL, or a reference relative to the base.</param>
    /// <param name="baseAddress">The base, or null.</param>
    /// <exception cref="ClientUrlException">It cannot be requested.</exception>
    public static ClientUrl Parse(string text, Uri? baseAddress)
    {
        ReadOnlySpan<char> url = Clean(text);
        var parts = new UrlParts(url);
        return !parts.Scheme.IsEmpty ? Absolute(parts)
            : baseAddress is { IsAbsoluteUri: true }
                ? Parse(baseAddress.OriginalString, null).Resolve(parts)
            : throw new ClientUrlException(
                "The URL is relative: begin it with http://, or set ClientOptions.BaseAddress "
                + "to an absolute URL.");
    }

    /// <summary>The URL of a reference in relation to this one (RFC 3986 5.2).</summary>
    /// <exception cref="ClientUrlException">It cannot be requested.</exception>
    public ClientUrl Resolve(string reference)
    {
        var parts = new UrlParts(Clean(reference));
        return parts.Scheme.IsEmpty ? Resolve(parts) : Absolute(parts);
    }

    /// <summary>The same URL with another fragment.</summary>
    public ClientUrl WithFragment(string fragment) => new(Origin, Path, Query, fragment);

    public override string ToString() => AbsoluteTarget + Fragment;

    private ClientUrl Resolve(in UrlParts parts)
    {
        if (parts.HasAuthority)
        {
            return Absolute(parts);
        }

        string path = parts.Path.IsEmpty ? Path
            : parts.Path[0] == '/' ? UrlParts.RemoveDotSegments(parts.Path)
            : UrlParts.Merge(Path, parts.Path);
        bool keepsQuery = parts.Path.IsEmpty && parts.Query.IsEmpty;
        return Create(Origin, path, keepsQuery ? Query : parts.Query, parts.Fragment);
    }

    private static ClientUrl Absolute(in UrlParts parts)
    {
        if (parts.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase))
        {
            throw new ClientUrlException(NoTls);
        }

        if (!parts.Scheme.IsEmpty
            && !parts.Scheme.Equals("http", StringComparison.OrdinalIgnoreCase))
        {
            throw new ClientUrlException(
                "Only http: URLs can be requested: begin the URL with http://.");
        }

        ClientOrigin origin = ClientOrigin.Parse(parts.Authority);
        string path = parts.Path.IsEmpty ? "/" : UrlParts.RemoveDotSegments(parts.Path);
        return Create(origin, path, parts.Query, parts.Fragment);
    }

    private static ClientUrl Create(
        ClientOrigin origin, ReadOnlySpan<char> path, ReadOnlySpan<char> query,
        ReadOnlySpan<char> fragment) =>
        new(origin, Escape(path, s_path), Escape(query, s_query), EscapeFragment(fragment));

    private static string EscapeFragment(ReadOnlySpan<char> fragment) =>
        fragment.IsEmpty ? "" : "#" + Escape(fragment[1..], s_query);

    private static string Escape(ReadOnlySpan<char> text, SearchValues<char> plain)
    {
        if (!text.ContainsAnyExcept(plain))
        {
            return text.ToString();
        }

        var escaped = new StringBuilder(text.Length + 16);
        PercentEncoding.Append(escaped, text, plain);
        return escaped.ToString();
    }

    // Blanks at the ends belong to the text that the URL was copied from. Others than that, and
    // line ends above all, show a mistake or an injection (RFC 9112 11.1).
    private static ReadOnlySpan<char> Clean(string text)
    {
        ReadOnlySpan<char> url = text.AsSpan().Trim(' ');
        return url.ContainsAnyInRange('\0', '\x1F') || url.Contains('\x7F')
            ? throw new ClientUrlException("The URL has a control character.")
            : url;
    }
}
