using System.Net;
using System.Text;

namespace Reactor.Http;

/// <summary>
/// The cookies that servers have set, and which of them a request carries (RFC 6265 5, with the
/// name prefixes <c>__Secure-</c> and <c>__Host-</c> of RFC 6265bis; aiohttp: <c>CookieJar</c>).
/// </summary>
/// <remarks>
/// <para>
/// Loop thread only: its clock is that of the loop. Bounded by <see cref="HostCookiesMax"/>, <see
/// cref="CookiesMax"/>, <see cref="CookieBytesMax"/> and <see cref="HeaderBytesMax"/>. What is too
/// many makes room: first what has expired, then of the host with the most cookies the one that was
/// not sent for the longest time.
/// </para>
/// <para>
/// It has no list of public suffixes: a Domain without a dot, such as <c>com</c>, is refused, but
/// <c>co.uk</c> is not. A client that follows redirects of hostile servers should have a session of
/// its own for them. SameSite is ignored, because a client has no site.
/// </para>
/// </remarks>
public sealed class CookieJar
{
    /// <summary>Cookies of one host or domain: 50, the least of RFC 6265 6.1.</summary>
    public const int HostCookiesMax = 50;

    /// <summary>Cookies in all: 3,000, the least of RFC 6265 6.1.</summary>
    public const int CookiesMax = 3000;

    /// <summary>Bytes of a name and its value: 4,096; a larger cookie is ignored.</summary>
    public const int CookieBytesMax = ParsedCookie.CookieMax;

    /// <summary>
    /// Bytes that <see cref="Get"/> returns: 32 KiB, as much as Kestrel takes in a head. Cookies
    /// that do not fit are left out, those with the shortest paths first.
    /// </summary>
    public const int HeaderBytesMax = 32 * 1024;

    private readonly Dictionary<string, List<JarCookie>> _hosts = [];
    private readonly Func<DateTimeOffset> _clock;
    private long _number;
    private int _secure;

    /// <summary>Creates an empty jar.</summary>
    public CookieJar() : this(() => EventLoop.Current.Driver.UtcNow)
    {
    }

    internal CookieJar(Func<DateTimeOffset> clock) => _clock = clock;

    /// <summary>The number of cookies; some may have expired.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// The value of Cookie for a request, or null: longer paths first, then older cookies.
    /// </summary>
    /// <exception cref="ArgumentException">It is no absolute URL.</exception>
    public string? Get(Uri url)
    {
        string host = HostOf(url);
        string path = PathOf(url);
        bool isSecure = IsSecure(url);
        DateTimeOffset now = _clock();
        List<JarCookie> found = [];
        foreach (string domain in DomainsOf(host))
        {
            found.AddRange(_hosts.GetValueOrDefault(domain, []).Where(
                cookie => cookie.Goes(host, path, isSecure, now)));
        }

        var value = new StringBuilder();
        foreach (JarCookie cookie in found
            .OrderByDescending(one => one.Path.Length).ThenBy(one => one.Number))
        {
            if (value.Length + cookie.Name.Length + cookie.Value.Length + 3 > HeaderBytesMax)
            {
                break;
            }

            cookie.Used = ++_number;
            value.Append(value.Length > 0 ? "; " : "")
                .Append(cookie.Name).Append('=').Append(cookie.Value);
        }

        return value.Length > 0 ? value.ToString() : null;
    }

    /// <summary>Takes a Set-Cookie field of a response; an invalid one is ignored.</summary>
    /// <param name="url">The URL of the request.</param>
    /// <param name="setCookie">The value of the field, each octet as one character.</param>
    /// <exception cref="ArgumentException">The first is no absolute URL.</exception>
    public void Set(Uri url, string setCookie)
    {
        ArgumentNullException.ThrowIfNull(setCookie);
        string host = HostOf(url);
        DateTimeOffset now = _clock();
        if (ParsedCookie.Parse(setCookie, now) is not { } said
            || DomainFor(said, host) is not { } domain
            || IsRefused(said, domain.IsHostOnly, IsSecure(url)))
        {
            return;
        }

        var cookie = new JarCookie(
            said.Name, said.Value, domain.Name, said.Path ?? DefaultPath(PathOf(url)))
        {
            IsHostOnly = domain.IsHostOnly,
            IsSecure = said.IsSecure,
            Ends = said.Ends ?? DateTimeOffset.MaxValue,
            Number = ++_number,
            Used = _number,
        };
        if (!IsSecure(url) && HidesSecureOne(cookie))
        {
            return;
        }

        Replace(cookie);
        if (cookie.Ends > now)
        {
            Add(cookie, now);
        }
    }

    /// <summary>Forgets all cookies.</summary>
    public void Clear()
    {
        _hosts.Clear();
        Count = 0;
        _secure = 0;
    }

    // The host itself and the domains above it, but no single label: those have no cookies.
    private static IEnumerable<string> DomainsOf(string host)
    {
        yield return host;
        for (int dot = IsAddress(host) ? -1 : host.IndexOf('.'); dot >= 0; dot = host.IndexOf('.'))
        {
            host = host[(dot + 1)..];
            if (host.Contains('.'))
            {
                yield return host;
            }
        }
    }

    // RFC 6265 5.3, steps 4 to 6; null refuses the cookie.
    private static (string Name, bool IsHostOnly)? DomainFor(ParsedCookie cookie, string host) =>
        cookie.Domain.Length == 0 ? (host, true)
        : cookie.Domain == host && (!host.Contains('.') || IsAddress(host)) ? (host, true)
        : cookie.Domain.Contains('.') && !cookie.Domain.EndsWith('.') && !IsAddress(host)
            && JarCookie.IsHostIn(host, cookie.Domain) ? (cookie.Domain, false)
        : null;

    // RFC 6265bis 5.7: only a secured response may set a secure cookie, and a prefix promises what
    // the cookie then must have.
    private static bool IsRefused(ParsedCookie cookie, bool isHostOnly, bool isSecure)
    {
        bool isHost = cookie.Name.StartsWith("__Host-", StringComparison.OrdinalIgnoreCase);
        bool mustBeSecure = isHost
            || cookie.Name.StartsWith("__Secure-", StringComparison.OrdinalIgnoreCase);
        return (cookie.IsSecure && !isSecure)
            || (mustBeSecure && !cookie.IsSecure)
            || (isHost && (!isHostOnly || cookie.Domain.Length > 0 || cookie.Path != "/"));
    }

    // RFC 6265 5.1.4: up to the last slash.
    private static string DefaultPath(string path) =>
        path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";

    // A plain http: response must not replace what a secured one has set (RFC 6265bis 5.7).
    private bool HidesSecureOne(JarCookie cookie) => _secure > 0 && _hosts.Values.Any(
        host => host.Exists(one => one.IsSecure && one.Name == cookie.Name
            && JarCookie.IsPathIn(cookie.Path, one.Path)
            && (JarCookie.IsHostIn(one.Domain, cookie.Domain)
                || JarCookie.IsHostIn(cookie.Domain, one.Domain))));

    private void Replace(JarCookie cookie)
    {
        if (_hosts.TryGetValue(cookie.Domain, out List<JarCookie>? host)
            && host.Find(cookie.IsSame) is { } old)
        {
            cookie.Number = old.Number;
            Remove(old);
        }
    }

    private void Add(JarCookie cookie, DateTimeOffset now)
    {
        if (_hosts.TryGetValue(cookie.Domain, out List<JarCookie>? full)
            && full.Count == HostCookiesMax)
        {
            RemoveExpired(full, now);
            RemoveOldestIf(full.Count == HostCookiesMax, full);
        }

        if (Count == CookiesMax)
        {
            foreach (List<JarCookie> host in _hosts.Values.ToArray())
            {
                RemoveExpired(host, now);
            }

            RemoveOldestIf(
                Count == CookiesMax,
                _hosts.Values.MaxBy(host => (host.Count, -host.Min(one => one.Used)))!);
        }

        if (!_hosts.TryGetValue(cookie.Domain, out List<JarCookie>? cookies))
        {
            _hosts[cookie.Domain] = cookies = [];
        }

        cookies.Add(cookie);
        Count++;
        _secure += cookie.IsSecure ? 1 : 0;
    }

    private void RemoveExpired(List<JarCookie> host, DateTimeOffset now)
    {
        foreach (JarCookie cookie in host.FindAll(one => one.Ends <= now))
        {
            Remove(cookie);
        }
    }

    private void RemoveOldestIf(bool isFull, List<JarCookie> host)
    {
        if (isFull)
        {
            Remove(host.MinBy(one => one.Used)!);
        }
    }

    private void Remove(JarCookie cookie)
    {
        List<JarCookie> host = _hosts[cookie.Domain];
        host.Remove(cookie);
        Count--;
        _secure -= cookie.IsSecure ? 1 : 0;
        if (host.Count == 0)
        {
            _hosts.Remove(cookie.Domain);
        }
    }

    private static string HostOf(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return url.IsAbsoluteUri
            ? url.IdnHost.ToLowerInvariant()
            : throw new ArgumentException("The URL must be absolute.", nameof(url));
    }

    // As it is sent: the other members of a Uri have some escapes decoded.
    private static string PathOf(Uri url)
    {
        string path = UrlParts.RemoveDotSegments(new UrlParts(url.OriginalString).Path);
        return path is ['/', ..] ? path : "/";
    }

    private static bool IsSecure(Uri url) => url.Scheme == Uri.UriSchemeHttps;

    private static bool IsAddress(string host) => IPAddress.TryParse(host, out _);
}
