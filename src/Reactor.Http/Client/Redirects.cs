using System.Text;
using System.Text.Unicode;

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
    // And all that begin with "Content-".
    private static readonly string[] s_ofContent = ["Digest", "Last-Modified", "Repr-Digest"];

    // Host names the server of this origin, the others prove something to it.
    private static readonly string[] s_ofOrigin =
        ["Authorization", "Cookie", "Cookie2", "Host"];

    /// <summary>The next request; null if the response is no redirect to follow.</summary>
    /// <exception cref="ClientRedirectException">It is one that cannot be followed.</exception>
    public static ClientRedirect? Next(
        ClientRequest request, ClientUrl url, int status, ClientResponseHeaders headers)
    {
        string[] locations =
            IsRedirect(status) ? [.. headers.GetAll("Location").Distinct()] : [];
        return locations.Length <= 1
            ? Next(request, url, status, locations is [var one] ? Decode(one) : null)
            : throw new ClientRedirectException( // either may be an injected one
                "The redirect has two fields Location that differ.");
    }

    /// <inheritdoc cref="Next(ClientRequest, ClientUrl, int, ClientResponseHeaders)"/>
    public static ClientRedirect? Next(
        ClientRequest request, ClientUrl url, int status, string? location)
    {
        if (location is null || !IsRedirect(status))
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
            bool isDropped = (becomesGet && IsOfContent(name))
                || (target.Origin != url.Origin && IsOneOf(s_ofOrigin, name));
            if (!isDropped)
            {
                next.Headers.Add(name, value);
            }
        }

        return new ClientRedirect(next, target);
    }

    private static bool IsRedirect(int status) => status is 301 or 302 or 303 or 307 or 308;

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

    // Servers send what users typed, in UTF-8 or in Latin-1, as which it was read.
    private static string Decode(string location)
    {
        byte[] octets = Encoding.Latin1.GetBytes(location);
        return Utf8.IsValid(octets) ? Encoding.UTF8.GetString(octets) : location;
    }

    private static bool IsOfContent(string name) =>
        name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
        || IsOneOf(s_ofContent, name);

    private static bool IsOneOf(string[] names, string name) =>
        names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
