namespace Reactor.Http;

/// <summary>
/// The components of a URI reference, and the path that one reference gives in relation to another
/// (RFC 3986 5.2). Nothing is decoded or checked.
/// </summary>
/// <remarks>Pure; any thread. A query begins with <c>?</c>, a fragment with <c>#</c>.</remarks>
internal readonly ref struct UrlParts
{
    /// <summary>Splits a reference as the expression of RFC 3986 appendix B does.</summary>
    public UrlParts(ReadOnlySpan<char> text)
    {
        Scheme = SchemeOf(text);
        text = Scheme.IsEmpty ? text : text[(Scheme.Length + 1)..];
        int hash = text.IndexOf('#') is >= 0 and var found ? found : text.Length;
        Fragment = text[hash..];
        text = text[..hash];
        int mark = text.IndexOf('?') is >= 0 and var place ? place : text.Length;
        Query = text[mark..];
        text = text[..mark];
        HasAuthority = text.StartsWith("//");
        if (HasAuthority)
        {
            Authority = text[2..];
            int slash = Authority.IndexOf('/');
            Path = slash < 0 ? default : Authority[slash..];
            Authority = slash < 0 ? Authority : Authority[..slash];
        }
        else
        {
            Path = text;
        }
    }

    /// <summary>Empty if the reference is relative.</summary>
    public ReadOnlySpan<char> Scheme { get; }

    public bool HasAuthority { get; }

    public ReadOnlySpan<char> Authority { get; }

    public ReadOnlySpan<char> Path { get; }

    public ReadOnlySpan<char> Query { get; }

    public ReadOnlySpan<char> Fragment { get; }

    /// <summary>
    /// Joins the path of a base and a relative one (RFC 3986 5.2.3), and removes dot segments.
    /// </summary>
    public static string Merge(ReadOnlySpan<char> basePath, ReadOnlySpan<char> path) =>
        RemoveDotSegments($"{basePath[..(basePath.LastIndexOf('/') + 1)]}{path}");

    /// <summary>
    /// Removes <c>.</c> and <c>..</c> from a path that begins with a slash (RFC 3986 5.2.4). What
    /// would go above the root stays at it.
    /// </summary>
    public static string RemoveDotSegments(ReadOnlySpan<char> path)
    {
        char[] result = new char[path.Length];
        int length = 0;
        while (!path.IsEmpty)
        {
            int next = path[1..].IndexOf('/') is >= 0 and var slash ? slash + 1 : path.Length;
            ReadOnlySpan<char> segment = path[..next];
            path = path[next..];
            bool isParent = segment is "/..";
            if (!isParent && segment is not "/.")
            {
                segment.CopyTo(result.AsSpan(length));
                length += segment.Length;
                continue;
            }

            if (isParent)
            {
                length = Math.Max(0, result.AsSpan(0, length).LastIndexOf('/'));
            }

            if (path.IsEmpty)
            {
                result[length++] = '/';
            }
        }

        return result.AsSpan(0, length).ToString();
    }

    private static ReadOnlySpan<char> SchemeOf(ReadOnlySpan<char> text)
    {
        int colon = text.IndexOfAny(":/?#");
        ReadOnlySpan<char> scheme = colon > 0 && text[colon] == ':' ? text[..colon] : default;
        bool isScheme = !scheme.IsEmpty && char.IsAsciiLetter(scheme[0]);
        foreach (char character in scheme)
        {
            isScheme &= char.IsAsciiLetterOrDigit(character) || character is '+' or '-' or '.';
        }

        return isScheme ? scheme : default;
    }
}
