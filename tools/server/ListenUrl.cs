using System.Diagnostics.CodeAnalysis;

namespace Reactor.Tools.Server;

/// <summary>
/// Where to listen, as a user writes it: <c>http://HOST:PORT</c>. The host is a name or an address,
/// IPv6 in brackets; <c>*</c> stands for every IPv4 address. Nothing may follow the port.
/// </summary>
internal sealed record ListenUrl(string Text, string Host, int Port)
{
    public static bool TryParse(
        string text, [NotNullWhen(true)] out ListenUrl? url, [NotNullWhen(false)] out string? error)
    {
        url = null;
        error = $"'{text}' is not a URL to listen on; write http://HOST:PORT, " +
            "for example http://127.0.0.1:8000.";
        if (text.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            error = $"'{text}': this server speaks plain HTTP; put a TLS proxy in front of it.";
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
        url = new ListenUrl(text.TrimEnd('/'), uri.DnsSafeHost, uri.Port);
        return true;
    }

    // Without a port it would be 80, which nobody who forgot it means.
    private static bool HasPort(string url)
    {
        string authority = url.TrimEnd('/');
        int colon = authority.LastIndexOf(':');
        return colon > authority.LastIndexOf(']') && colon > "http:".Length;
    }
}
