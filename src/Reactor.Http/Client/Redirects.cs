using System.Text;
using System.Text.Unicode;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>The next request of a redirect, and where it goes.</summary>
internal sealed record ClientRedirect(ClientRequest Request, ClientUrl Url);

/// <summary>
/// Decides what follows a redirect (RFC 9110 15.4): method, content, fields and URL of the next
/// request. It counts nothing and sends nothing.
/// </summary>
/// <remarks>
/// <para>Pure; any thread.</para>
/// <para>
/// The fields of the request must include <see cref="ClientOptions.DefaultHeaders"/>, see <see
/// cref="ClientHeaders.AddMissing"/>: credentials among these must not reach another origin either.
/// A field that was dropped stays dropped when a later redirect leads back.
/// </para>
/// </remarks>
internal static class Redirects
{
    private static readonly string[] s_ofContent =
    [
        "Content-Encoding", "Content-Language", "Content-Location", "Content-Type", "Digest",
        "Content-Digest", "Repr-Digest", "Last-Modified",
    ];

    // Host names the server of this origin, the others prove something to it.
    private static readonly string[] s_ofOrigin =
        ["Authorization", "Cookie", "Cookie2", "Host", "Proxy-Authorization"];

    /// <summary>The next request; null if the response is no redirect to follow.</summary>
    /// <exception cref="ClientRedirectException">It is one that cannot be followed.</exception>
    public static ClientRedirect? Next(ClientRequest request, ClientUrl url, ResponseHead head)
    {
        string? location = null;
        foreach (ReadOnlySpan<byte> value in head.Values(KnownHeader.Location))
        {
            // Of two, either may be an injected one.
            string one = Decode(value);
            location = location is null || location == one ? one : throw new
                ClientRedirectException("The redirect has two fields Location that differ.");
        }

        return Next(request, url, head.Status, location);
    }

    /// <inheritdoc cref="Next(ClientRequest, ClientUrl, ResponseHead)"/>
    public static ClientRedirect? Next(
        ClientRequest request, ClientUrl url, int status, string? location)
    {
        if (location is null || status is not (301 or 302 or 303 or 307 or 308))
        {
            return null;
        }

        ClientUrl target = Resolve(url, location);
        bool becomesGet = status == 303 || (status < 303 && request.Method == "POST");
        string method = becomesGet && request.Method != "HEAD" ? "GET" : request.Method;
        if (!becomesGet && request.Content is { CanResend: false })
        {
            throw new ClientRedirectException(
                $"The redirect with status {status} needs the content again, which cannot be sent "
                + "twice: use a content whose CanResend is true, or set FollowsRedirects to "
                + "false.");
        }

        var next = new ClientRequest(method, target.ToString())
        {
            Content = becomesGet ? null : request.Content,
            Timeout = request.Timeout,
            FollowsRedirects = request.FollowsRedirects,
            ExpectsContinue = request.ExpectsContinue && !becomesGet,
        };
        foreach ((string name, string value) in request.Headers)
        {
            bool isDropped = (becomesGet && IsOneOf(s_ofContent, name))
                || (target.Origin != url.Origin && IsOneOf(s_ofOrigin, name));
            if (!isDropped)
            {
                next.Headers.Add(name, value);
            }
        }

        return new ClientRedirect(next, target);
    }

    // A fragment is inherited (RFC 9110 10.2.2).
    private static ClientUrl Resolve(ClientUrl url, string location)
    {
        try
        {
            ClientUrl target = url.Resolve(location);
            return target.Fragment.Length > 0 ? target : target.WithFragment(url.Fragment);
        }
        catch (ClientUrlException error)
        {
            throw new ClientRedirectException($"The redirect is not followed. {error.Message}");
        }
    }

    // Servers send what users typed, in UTF-8 or in Latin-1.
    private static string Decode(ReadOnlySpan<byte> location) =>
        (Utf8.IsValid(location) ? Encoding.UTF8 : Encoding.Latin1).GetString(location);

    private static bool IsOneOf(string[] names, string name) =>
        names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
