using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;

namespace Reactor.Tools.Server;

/// <summary>
/// An address to listen on: <c>http://HOST:PORT</c>. The host is a name or an address, IPv6 in
/// brackets; <c>*</c> means every IPv4 address. Nothing may follow the port.
/// </summary>
internal sealed record ListenUrl(string Text, string Host, int Port)
{
    public static readonly ListenUrl Default = new("http://127.0.0.1:8000", "127.0.0.1", 8000);

    public static ListenUrl[] ReadAll(ArgumentResult result)
    {
        var urls = new List<ListenUrl>();
        foreach (Token token in result.Tokens)
        {
            if (TryParse(token.Value, out ListenUrl? url, out string? error))
            {
                urls.Add(url);
            }
            else
            {
                result.AddError(error);
            }
        }

        return [.. urls];
    }

    /// <summary>The URL as written; the help shows the default this way.</summary>
    public override string ToString() => Text;

    public static bool TryParse(
        string text, [NotNullWhen(true)] out ListenUrl? url, [NotNullWhen(false)] out string? error)
    {
        url = null;
        error = $"--listen must be http://HOST:PORT, not '{text}'; " +
            "for example --listen http://127.0.0.1:8000.";
        if (text.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            error = $"--listen must be http://HOST:PORT, not '{text}': the server has no TLS; " +
                "put a TLS proxy in front of it.";
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
        url = new ListenUrl(text.TrimEnd('/'), host, uri.Port);
        return true;
    }

    // Without a port it would be 80, which a user rarely means.
    private static bool HasPort(string url)
    {
        string authority = url.TrimEnd('/');
        int colon = authority.LastIndexOf(':');
        return colon > authority.LastIndexOf(']') && colon > "http:".Length;
    }
}
