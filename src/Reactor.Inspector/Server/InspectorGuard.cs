using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Reactor.Http;

namespace Reactor.Inspector;

/// <summary>
/// Rejects requests that did not come from the page or from a program that knows the token: other
/// users of the machine, other web pages in the same browser, and DNS rebinding.
/// </summary>
internal sealed class InspectorGuard
{
    public const string TokenHeader = "X-Reactor-Token";
    public const string PostHeader = "X-Reactor-Inspector";

    private const int TokenBytes = 16;

    private readonly byte[] _token;
    private string[] _hosts = [];

    public InspectorGuard()
    {
        Token = RandomNumberGenerator.GetHexString(TokenBytes * 2, lowercase: true);
        _token = Encoding.ASCII.GetBytes(Token);
    }

    public string Token { get; }

    /// <summary>The port of the inspector; set once, before it serves.</summary>
    public int Port
    {
        set
        {
            // Browsers leave out the default port.
            string suffix = value == 80
                ? "" : string.Create(CultureInfo.InvariantCulture, $":{value}");
            _hosts = [$"127.0.0.1{suffix}", $"localhost{suffix}", $"[::1]{suffix}"];
        }
    }

    /// <summary>Fields of every response.</summary>
    public static void AddHeaders(Application application)
    {
        ResponseHeaders headers = application.DefaultHeaders;
        headers.Add(
            "Content-Security-Policy",
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
        headers.Add("X-Content-Type-Options", "nosniff");
        headers.Add("Cache-Control", "no-store");
        headers.Add("Referrer-Policy", "no-referrer");
        headers.Add("Cross-Origin-Resource-Policy", "same-origin");
    }

    /// <summary>
    /// The key of the error text for a request that is rejected with 403; null: it is accepted.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="needsToken">False for the fixed files of the page.</param>
    public string? Reject(Request request, bool needsToken)
    {
        if (!IsHost(request.GetHeader("Host")))
        {
            return "error.host";
        }

        if (request.Method == "POST" && request.GetHeader(PostHeader) != "1")
        {
            return "error.header";
        }

        return needsToken && !IsToken(request.GetHeader(TokenHeader) ?? request.Query["token"])
            ? "error.token" : null;
    }

    /// <summary>True if a request with this Host is for the inspector.</summary>
    public bool IsHost(string? host) =>
        _hosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    // In constant time, so that response times do not reveal the token.
    private bool IsToken(string? given) => given is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), _token);
}
