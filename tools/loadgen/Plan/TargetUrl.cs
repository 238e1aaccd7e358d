using System.Diagnostics.CodeAnalysis;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The URL as the user writes it: <c>http://HOST[:PORT][/path[?query]]</c>. The target is sent
/// unchanged, without decoding, encoding or resolving, because the handling of an odd path may be
/// what is measured. A fragment is dropped. Pure; any thread.
/// </summary>
/// <param name="Text">The whole URL, for reports.</param>
/// <param name="Host">The name or address to connect to, without brackets.</param>
/// <param name="Port">The port to connect to.</param>
/// <param name="Authority">The value of the Host field, without port 80.</param>
/// <param name="Target">The target of the request line.</param>
internal sealed record TargetUrl(
    string Text, string Host, int Port, string Authority, string Target)
{
    private const string Scheme = "http://";

    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out TargetUrl? url,
        [NotNullWhen(false)] out string? error)
    {
        url = null;
        error = $"URL must be http://HOST:PORT/PATH, not '{text}'; " +
            "for example http://127.0.0.1:8000/plaintext.";
        if (text.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            error = $"URL must begin with http://, not '{text}': https is not supported.";
            return false;
        }

        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        int pathStart = text.AsSpan(Scheme.Length).IndexOfAny('/', '?', '#') + Scheme.Length;
        string origin = pathStart < Scheme.Length ? text : text[..pathStart];
        string target = text[origin.Length..].Split('#')[0];
        if (!Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri)
            || uri.Host.Length == 0 || uri.UserInfo.Length > 0 || uri.Port is < 1)
        {
            return false;
        }

        if (target.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            error = $"URL must have blanks and letters beyond ASCII percent-encoded, not '{text}'.";
            return false;
        }

        bool isLiteral = uri.HostNameType == UriHostNameType.IPv6;
        string host = isLiteral ? uri.Host.Trim('[', ']') : uri.IdnHost;
        string authority = isLiteral ? uri.Host : host;
        error = null;
        url = new TargetUrl(
            text,
            host,
            uri.Port,
            uri.IsDefaultPort ? authority : FormattableString.Invariant($"{authority}:{uri.Port}"),
            target.StartsWith('/') ? target : "/" + target);
        return true;
    }
}
