using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>The other origins whose pages may send unsafe requests.</summary>
/// <remarks>Immutable; any thread. A wrong value throws where it is set.</remarks>
public sealed record CsrfOptions
{
    /// <summary>
    /// Origins whose requests pass, such as <c>https://app.example.com</c>, compared exactly. An
    /// origin that CORS allows to send POST, PUT or DELETE must be here too. Default none.
    /// </summary>
    /// <exception cref="ArgumentException">An origin is not what a browser sends.</exception>
    public IReadOnlyList<string> TrustedOrigins
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(TrustedOrigins));
            field =
            [
                .. value.Select(
                    origin => SerializedOrigin.Require(origin, nameof(TrustedOrigins))),
            ];
        }
    } = [];
}

/// <summary>
/// Refuses, with 403, requests that a page of another site made a browser send (CSRF). It needs no
/// tokens: browsers say where a request comes from in <c>Sec-Fetch-Site</c>, and older browsers, or
/// any over plain HTTP, in <c>Origin</c> (Go: <c>http.CrossOriginProtection</c>).
/// </summary>
/// <remarks>
/// <para>
/// GET, HEAD and OPTIONS pass: they must change nothing (RFC 9110 9.2.1). Others pass from the
/// same origin and from the user's own action; then, without <c>Sec-Fetch-Site</c>, if host and
/// port of <c>Origin</c> are those of <c>Host</c>; and without both, because then the client is no
/// browser and holds no cookies of a user.
/// </para>
/// <para>
/// Another host of the same site is refused too: a subdomain may belong to someone else. One thread
/// sets it up; it then runs on the loop.
/// </para>
/// </remarks>
public static class CsrfProtection
{
    /// <summary>Protects an application with all that is mounted in it.</summary>
    /// <param name="application">The application.</param>
    /// <param name="options">Null trusts no other origin.</param>
    /// <exception cref="InvalidOperationException">The application is being served.</exception>
    public static Application UseCsrfProtection(
        this Application application, CsrfOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(application);
        return application.Use(new CsrfGuard(options ?? new()).RunAsync);
    }

    /// <summary>Protects a route.</summary>
    /// <param name="route">The route.</param>
    /// <param name="options">Null trusts no other origin.</param>
    /// <exception cref="InvalidOperationException">The application is being served.</exception>
    public static Route UseCsrfProtection(this Route route, CsrfOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(route);
        return route.Use(new CsrfGuard(options ?? new()).RunAsync);
    }
}

/// <summary>Decides by the head of a request alone.</summary>
internal sealed class CsrfGuard(CsrfOptions options)
{
    private readonly HashSet<string> _trusted = new(options.TrustedOrigins, StringComparer.Ordinal);

    public Coroutine<Response> RunAsync(Request request, Handler next) =>
        MayPass(request.Head) ? next(request) : GuardFields.RefuseAsync(
            request, HttpException.Forbidden("The request was made by a page of another site."));

    private bool MayPass(RequestHead head) =>
        head.Method is KnownMethod.Get or KnownMethod.Head or KnownMethod.Options
        || IsOfThisOrigin(head)
        || (SerializedOrigin.Of(head) is { } origin && _trusted.Contains(origin));

    private static bool IsOfThisOrigin(RequestHead head)
    {
        bool isTold = false;
        foreach (ReadOnlySpan<byte> site in head.Values("sec-fetch-site"u8))
        {
            if (!site.SequenceEqual("same-origin"u8) && !site.SequenceEqual("none"u8))
            {
                return false;
            }

            isTold = true;
        }

        return isTold || !head.Contains(KnownHeader.Origin) || IsOfThisHost(head);
    }

    // Host has no scheme, so a page of http passes for one of https. Over https only browsers from
    // before 2023 come here, and Strict-Transport-Security protects them.
    private static bool IsOfThisHost(RequestHead head)
    {
        if (SerializedOrigin.Of(head) is not { } origin || origin == SerializedOrigin.Opaque)
        {
            return false;
        }

        byte[] text = Encoding.ASCII.GetBytes(origin);
        return !head.Authority.IsEmpty && Authority.AreSame(
            SerializedOrigin.AuthorityOf(text), head.Authority, SerializedOrigin.DefaultPort(text));
    }
}
