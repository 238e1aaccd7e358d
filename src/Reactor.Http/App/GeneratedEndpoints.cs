using Reactor.Http.Protocol;
using Reactor.Http.Routing;

namespace Reactor.Http;

/// <summary>The endpoints of requests that no route matches: 400, 404, 405, 501, OPTIONS.</summary>
/// <remarks>
/// They are served while the server is overloaded too: they cost less than a 503 would save.
/// </remarks>
internal static class GeneratedEndpoints
{
    private static readonly Endpoint s_badRequest = Make(() => ErrorAnswers.Plain(400));
    private static readonly Endpoint s_notFound = Make(() => ErrorAnswers.Plain(404));
    private static readonly Endpoint s_notImplemented = Make(() => ErrorAnswers.Plain(501));

    // RFC 9110 9.3.7: OPTIONS with "*" asks about the server, not about one of its resources.
    private static readonly Endpoint s_serverOptions = Make(
        () => WithAllow(new Response(204), "GET, HEAD, POST, PUT, DELETE, OPTIONS"));

    public static Endpoint Find(in RouteMatch<Endpoint> match, RequestHead head)
    {
        bool isOptions = head.Method == KnownMethod.Options;
        return isOptions && IsUntyped(head) ? s_badRequest
            : head.Form == TargetForm.Asterisk ? s_serverOptions
            : head.Method == KnownMethod.Other ? s_notImplemented
            : match.Outcome switch
            {
                RouteOutcome.BadPath => s_badRequest,
                RouteOutcome.MethodNotAllowed => MakeAllow(match.Allow, isOptions),
                _ => s_notFound,
            };
    }

    // RFC 9110 9.3.7: content of OPTIONS has a type.
    private static bool IsUntyped(RequestHead head) =>
        head.BodyKind != BodyKind.None && !head.Contains(KnownHeader.ContentType);

    private static Endpoint MakeAllow(string allow, bool isOptions) => Make(
        () => WithAllow(isOptions ? new Response(204) : ErrorAnswers.Plain(405), allow));

    private static Endpoint Make(Func<Response> answer)
    {
        return new Endpoint(Run) { ServesOverloaded = true };

#pragma warning disable CS1998 // a handler is a coroutine
        async Coroutine<Response> Run(Request request) => answer();
#pragma warning restore CS1998
    }

    private static Response WithAllow(Response response, string allow)
    {
        response.Headers.Add("Allow", allow);
        return response;
    }
}
