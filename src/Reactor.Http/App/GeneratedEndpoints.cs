using Reactor.Http.Protocol;
using Reactor.Http.Routing;

namespace Reactor.Http;

/// <summary>The endpoints of requests that no route matches: 400, 404, 405, 501, OPTIONS.</summary>
/// <remarks>
/// They are served while the server is overloaded too: they cost less than a 503 would save.
/// </remarks>
internal static class GeneratedEndpoints
{
    private static readonly Endpoint s_badRequest = MakeError(400);
    private static readonly Endpoint s_notFound = MakeError(404);
    private static readonly Endpoint s_notImplemented = MakeError(501);

    // RFC 9110 9.3.7: OPTIONS with "*" asks about the server, not about one of its resources.
    private static readonly Endpoint s_serverOptions =
        MakeOptions("GET, HEAD, POST, PUT, DELETE, OPTIONS");

    public static Endpoint Find(in RouteMatch<Endpoint> match, RequestHead head)
    {
        bool isOptions = head.Method == KnownMethod.Options;
        return isOptions && IsUntyped(head) ? s_badRequest
            : head.Form == TargetForm.Asterisk ? s_serverOptions
            : head.Method == KnownMethod.Other ? s_notImplemented
            : match.Outcome switch
            {
                RouteOutcome.BadPath => s_badRequest,
                RouteOutcome.MethodNotAllowed => isOptions
                    ? MakeOptions(match.Allow)
                    : MakeError(405, match.Allow),
                _ => s_notFound,
            };
    }

    // RFC 9110 9.3.7: content of OPTIONS has a type.
    private static bool IsUntyped(RequestHead head) =>
        head.BodyKind != BodyKind.None && !head.Contains(KnownHeader.ContentType);

    private static Endpoint MakeError(int status, string? allow = null) => Make(
        request => ErrorAnswers.OfStatus(request.Context, status, AllowOf(allow)));

    private static Endpoint MakeOptions(string allow) => Make(_ =>
    {
        var response = new Response(204);
        response.Headers.Add("Allow", allow);
        return response;
    });

    private static Endpoint Make(Func<Request, Response> answer)
    {
        return new Endpoint(Run) { ServesOverloaded = true };

#pragma warning disable CS1998 // a handler is a coroutine
        async Coroutine<Response> Run(Request request) => answer(request);
#pragma warning restore CS1998
    }

    private static ResponseHeaders? AllowOf(string? allow)
    {
        if (allow is null)
        {
            return null;
        }

        var fields = new ResponseHeaders();
        fields.Add("Allow", allow);
        return fields;
    }
}
