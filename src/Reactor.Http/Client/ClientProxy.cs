using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// An HTTP proxy that requests are sent through, in absolute form (RFC 9112 3.2.2). Immutable.
/// </summary>
/// <remarks>
/// The credentials go to the proxy with each request, as <c>Proxy-Authorization</c> (RFC 9110
/// 11.7.2), and never to a server.
/// </remarks>
public sealed record ClientProxy
{
    private static readonly SearchValues<char> s_notOfUserName = SearchValues.Create(
        [':', .. Enumerable.Range(0, 32).Append(127).Select(static code => (char)code)]);

    private static readonly SearchValues<char> s_notOfPassword = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Append(127).Select(static code => (char)code)]);

    /// <summary>Creates a proxy.</summary>
    /// <param name="url">Its address: <c>http://HOST:PORT</c>.</param>
    /// <exception cref="ClientUrlException">It is no such URL.</exception>
    public ClientProxy(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (url.Contains('@'))
        {
            // First, and not quoted: a password must not get into a log.
            throw new ClientUrlException(
                "The address of a proxy has credentials: give them as ClientProxy.UserName and "
                + "Password instead.");
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) || parsed.Host.Length == 0)
        {
            throw new ClientUrlException(
                $"'{url}' is no address of a proxy: use http://HOST:PORT.");
        }

        if (parsed.Scheme != Uri.UriSchemeHttp || parsed.PathAndQuery != "/"
            || parsed.Fragment.Length > 0)
        {
            throw new ClientUrlException(
                $"'{url}' is no address of a proxy: use http://HOST:PORT without a path; a proxy "
                + "is not spoken to over TLS.");
        }

        Url = parsed;
        Origin = ClientOrigin.Parse(parsed.Authority);
    }

    /// <summary>The address of the proxy.</summary>
    public Uri Url { get; }

    /// <summary>
    /// The user for Basic authentication to the proxy; null for none. Has no colon and no control
    /// character (RFC 7617 2).
    /// </summary>
    /// <exception cref="ArgumentException">It has one of them.</exception>
    public string? UserName
    {
        get;
        init => field = Checked(value, s_notOfUserName, nameof(UserName), "colon or ");
    }

    /// <summary>
    /// The password for Basic authentication to the proxy. Has no control character.
    /// </summary>
    /// <exception cref="ArgumentException">It has one.</exception>
    public string? Password
    {
        get;
        init => field = Checked(value, s_notOfPassword, nameof(Password), "");
    }

    /// <summary>
    /// The value of <c>Proxy-Authorization</c>, for another scheme than Basic; null, the default:
    /// that of <see cref="UserName"/> and <see cref="Password"/>, if there are any.
    /// </summary>
    /// <exception cref="ArgumentException">It is no field value.</exception>
    public string? Authorization
    {
        get => field ?? BasicAuthorization;
        init
        {
            FieldRules.RequireValue(value);
            field = value;
        }
    }

    /// <summary>
    /// Hosts that requests go to without the proxy: names, each with all names below it, and
    /// addresses. Default: none.
    /// </summary>
    /// <exception cref="ClientUrlException">One is neither; none has a port.</exception>
    public IReadOnlyList<string> ExcludedHosts
    {
        get;
        init => field = [.. OptionValue.NotNull(value).Select(HostOf)];
    } = [];

    /// <summary>Where connections to the proxy go.</summary>
    internal ClientOrigin Origin { get; }

    private string? BasicAuthorization => UserName is null && Password is null
        ? null
        : $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{UserName}:{Password}"))}";

    /// <summary>Whether requests to a host go through the proxy.</summary>
    internal bool Serves(ClientOrigin origin)
    {
        string host = origin.Host.TrimEnd('.');
        bool isAddress = IPAddress.TryParse(host, out _);
        foreach (string excluded in ExcludedHosts)
        {
            if (host == excluded || (!isAddress && JarCookie.IsHostIn(host, excluded)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The address and whether there are credentials, which are not shown.</summary>
    public override string ToString() =>
        $"{Url.GetLeftPart(UriPartial.Authority)}{(Authorization is null ? "" : " (credentials)")}";

    // As a URL has it, so that both spell a host alike; a leading dot is as in NO_PROXY.
    private static string HostOf(string entry)
    {
        string host = entry.StartsWith('.') ? entry[1..] : entry;
        bool isBare = IPAddress.TryParse(host, out IPAddress? address)
            && address.AddressFamily == AddressFamily.InterNetworkV6 && host[0] != '[';
        if (!isBare && host.LastIndexOf(':') > host.LastIndexOf(']'))
        {
            throw new ClientUrlException(
                $"'{entry}' has a port: ClientProxy.{nameof(ExcludedHosts)} has names and "
                + "addresses, each for all ports.");
        }

        return ClientOrigin.Parse(isBare ? $"[{host}]" : host).Host.TrimEnd('.');
    }

    private static string? Checked(
        string? value, SearchValues<char> refused, string name, string also) =>
        value is null || !value.AsSpan().ContainsAny(refused)
            ? value
            : throw new ArgumentException($"{name} has a {also}control character.", name);
}
