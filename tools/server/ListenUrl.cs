using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;

namespace Reactor.Tools.Server;

/// <summary>
/// Where to listen, as a user writes it: <c>http://HOST:PORT</c>. The host is a name or an address,
/// IPv6 in brackets; <c>*</c> stands for every IPv4 address. Nothing may follow the port.
/// </summary>
internal sealed record ListenUrl(string Text, string Host, int Port)
{
    /// <summary>The default address.</summary>
    public static readonly ListenUrl Default = new("http://127.0.0.1:8000", "127.0.0.1", 8000);

    /// <summary>Parses all values of the option.</summary>
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

    /// <summary>Returns the URL as typed; the help shows the default so.</summary>
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
        // In a URL the separator of a zone is %25 (RFC 6874), but often just %.
        string host = uri.HostNameType == UriHostNameType.IPv6
            ? uri.DnsSafeHost.Replace("%25", "%", StringComparison.Ordinal)
            : uri.DnsSafeHost;
        url = new ListenUrl(text.TrimEnd('/'), host, uri.Port);
        return true;
    }

    // The port is mandatory: a missing port would mean 80, which is rarely intended.
    private static bool HasPort(string url)
    {
        string authority = url.TrimEnd('/');
        int colon = authority.LastIndexOf(':');
        return colon > authority.LastIndexOf(']') && colon > "http:".Length;
    }
}
