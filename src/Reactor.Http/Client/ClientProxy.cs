namespace Reactor.Http;

/// <summary>
/// An HTTP proxy that requests are sent through, in absolute form (RFC 9112 3.2.2). Immutable.
/// </summary>
public sealed record ClientProxy
{
    /// <summary>Creates a proxy.</summary>
    /// <param name="url">Its address: <c>http://HOST:PORT</c>.</param>
    /// <exception cref="ClientUrlException">It is no such URL.</exception>
    public ClientProxy(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        Url = new Uri(url);
    }

    /// <summary>The address of the proxy.</summary>
    public Uri Url { get; }

    /// <summary>The user for Basic authentication to the proxy; null for none.</summary>
    public string? UserName { get; init; }

    /// <summary>The password for Basic authentication to the proxy.</summary>
    public string? Password { get; init; }
}
