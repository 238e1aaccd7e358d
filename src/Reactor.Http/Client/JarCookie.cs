namespace Reactor.Http;

/// <summary>A cookie of a <see cref="CookieJar"/> (RFC 6265 5.3), and to whom it is sent.</summary>
/// <param name="name">The name.</param>
/// <param name="value">The value.</param>
/// <param name="domain">The host, or the domain that hosts must be in.</param>
/// <param name="path">The path.</param>
/// <remarks>Loop thread only.</remarks>
internal sealed class JarCookie(string name, string value, string domain, string path)
{
    public string Name { get; } = name;

    public string Value { get; } = value;

    public string Domain { get; } = domain;

    public string Path { get; } = path;

    /// <summary>Whether hosts below the domain do not get it.</summary>
    public bool IsHostOnly { get; init; }

    public bool IsSecure { get; init; }

    /// <summary>When it ends; the largest moment: with the session.</summary>
    public DateTimeOffset Ends { get; init; }

    /// <summary>The order of creation; a replaced cookie passes it on.</summary>
    public long Number { get; set; }

    /// <summary>When it was set or sent last, as a number that grows.</summary>
    public long Used { get; set; }

    /// <summary>Whether a request gets it; its host is in the domain.</summary>
    public bool Goes(string host, string requestPath, bool isSecure, DateTimeOffset now) =>
        Ends > now
        && (!IsHostOnly || host == Domain)
        && (!IsSecure || isSecure)
        && IsPathIn(requestPath, Path);

    /// <summary>Whether it and a new one are the same cookie.</summary>
    public bool IsSame(JarCookie other) =>
        Name == other.Name && Domain == other.Domain && Path == other.Path;

    /// <summary>
    /// Path-match of RFC 6265 5.1.4: <c>/a</c> is in <c>/a</c> and <c>/</c>, not in <c>/ab</c>.
    /// </summary>
    public static bool IsPathIn(string requestPath, string path) =>
        requestPath.StartsWith(path, StringComparison.Ordinal)
        && (requestPath.Length == path.Length || path[^1] == '/'
            || requestPath[path.Length] == '/');

    /// <summary>Domain-match of RFC 6265 5.1.3, for names and not for addresses.</summary>
    public static bool IsHostIn(string host, string domain) =>
        host.EndsWith(domain, StringComparison.Ordinal)
        && (host.Length == domain.Length || host[^(domain.Length + 1)] == '.');
}
