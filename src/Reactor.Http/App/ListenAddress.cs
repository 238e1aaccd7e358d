using System.Diagnostics.CodeAnalysis;

namespace Reactor.Http;

/// <summary>
/// An address to listen on, as users write it: <c>http://HOST:PORT</c>. The host is a name or an
/// address, IPv6 in brackets; <c>*</c> means every IPv4 address. Nothing may follow the port.
/// </summary>
/// <param name="Text">The address as written.</param>
/// <param name="Host">The name or address, without brackets.</param>
/// <param name="Port">The port; 0 picks a free port.</param>
/// <remarks>Immutable; any thread.</remarks>
public sealed record ListenAddress(string Text, string Host, int Port)
{
    /// <summary>Port 8000 of this machine only: <c>http://127.0.0.1:8000</c>.</summary>
    public static ListenAddress Default { get; } = new("http://127.0.0.1:8000", "127.0.0.1", 8000);

    /// <summary>Reads an address.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static ListenAddress Parse(string text) =>
        TryParse(text, out ListenAddress? address, out string? error)
            ? address
            : throw new FormatException($"An address to listen on {error}");

    /// <summary>Reads an address; false if it is none.</summary>
    /// <param name="text">The text of a user.</param>
    /// <param name="address">The address.</param>
    /// <param name="error">
    /// Why it is none: what follows the name of an option in a sentence, <c>must be …</c>.
    /// </param>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out ListenAddress? address,
        [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        address = null;
        error = $"must be http://HOST:PORT, not '{text}'; for example {Default}.";
        if (text.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            error = $"must be http://HOST:PORT, not '{text}': the server has no TLS; "
                + "put a TLS proxy in front of it.";
            return false;
        }

        string plain = text.Replace("://*", "://0.0.0.0", StringComparison.Ordinal);
        if (!Uri.TryCreate(plain, UriKind.Absolute, out Uri? uri) || uri.Scheme != "http"
            || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0
            || !HasPort(plain))
        {
            return false;
        }

        error = null;
        // The sign before a zone is %25 in a URL (RFC 6874), though often written %.
        string host = uri.HostNameType == UriHostNameType.IPv6
            ? uri.DnsSafeHost.Replace("%25", "%", StringComparison.Ordinal)
            : uri.DnsSafeHost;
        address = new ListenAddress(text.TrimEnd('/'), host, uri.Port);
        return true;
    }

    /// <summary>The address as written.</summary>
    public override string ToString() => Text;

    // Without a port it would be 80, which a user rarely means.
    private static bool HasPort(string url)
    {
        string authority = url.TrimEnd('/');
        int colon = authority.LastIndexOf(':');
        return colon > authority.LastIndexOf(']') && colon > "http:".Length;
    }
}
