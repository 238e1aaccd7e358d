using System.Collections.Concurrent;
using Reactor.Http.Protocol;
using Reactor.Http.Routing;

namespace Reactor.Http;

/// <summary>
/// The endpoints of an application for requests that no route matches: 400, 404, 405, 501, OPTIONS.
/// They have the application's middleware and throw nothing.
/// </summary>
/// <remarks>
/// Without middleware they are served while the server is overloaded too: they cost less than a 503
/// would save. Any thread; what a client can ask for does not make it grow.
/// </remarks>
internal sealed class GeneratedEndpoints
{
    // An application has a few values of Allow; requests for others each make an endpoint.
    private const int AllowsMax = 64;

    private readonly ConcurrentDictionary<(string Allow, bool IsOptions), Endpoint> _allows = new();
    private readonly Application _application;
    private readonly Action<Request?, Response>? _prepare;
    private readonly Endpoint _badRequest;
    private readonly Endpoint _notFound;
    private readonly Endpoint _notImplemented;
    private readonly Endpoint _serverOptions;

    public GeneratedEndpoints(Application application, Action<Request?, Response>? prepare)
    {
        _application = application;
        _prepare = prepare;
        _badRequest = MakeError(400);
        _notImplemented = MakeError(501);
        _notFound = MakeError(404);

        SlashRedirect = application.RedirectsSlashes ? Make(RedirectSlash) : null;

        // RFC 9110 9.3.7: OPTIONS with "*" asks about the server, not about one of its resources.
        _serverOptions = MakeOptions("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    }

    /// <summary>
    /// Redirects a path to the one with a slash more or less at its end; null if the application
    /// does not. The status is 308, because it keeps the method and the body.
    /// </summary>
    public Endpoint? SlashRedirect { get; }

    /// <summary>What stands for a head that is malformed or late.</summary>
    public Endpoint OfNoHead => _badRequest;

    public Endpoint Find(in RouteMatch<Endpoint> match, RequestHead head)
    {
        bool isOptions = head.Method == KnownMethod.Options;
        return isOptions && IsUntyped(head) ? _badRequest
            : head.Form == TargetForm.Asterisk ? _serverOptions
            : head.Method == KnownMethod.Other ? _notImplemented
            : match.Outcome switch
            {
                RouteOutcome.BadPath => _badRequest,
                RouteOutcome.MethodNotAllowed => FindAllow(match.Allow, isOptions),
                _ => _notFound,
            };
    }

    // RFC 9110 9.3.7: content of OPTIONS has a type.
    private static bool IsUntyped(RequestHead head) =>
        head.BodyKind != BodyKind.None && !head.Contains(KnownHeader.ContentType);

    private Endpoint FindAllow(string allow, bool isOptions)
    {
        if (_allows.TryGetValue((allow, isOptions), out Endpoint? known))
        {
            return known;
        }

        Endpoint made = isOptions ? MakeOptions(allow) : MakeError(405, allow);
        return _allows.Count < AllowsMax ? _allows.GetOrAdd((allow, isOptions), made) : made;
    }

    private static Response RedirectSlash(Request request)
    {
        string path = request.Path;
        string other = path.EndsWith('/') ? path[..^1] : path + "/";
        string query = request.QueryString;
        return Response.Redirect(query.Length == 0 ? other : $"{other}?{query}", 308);
    }

    private Endpoint MakeError(int status, string? allow = null) => Make(
        request => ErrorAnswers.OfStatus(request.Context, status, AllowOf(allow)));

    private Endpoint MakeOptions(string allow) => Make(_ =>
    {
        var response = new Response(204);
        response.Headers.Add("Allow", allow);
        return response;
    });

    private Endpoint Make(Func<Request, Response> answer)
    {
        Handler plain = Run;
        Handler composed = _application.Compose(plain);
        return new Endpoint(composed)
        {
            ServesOverloaded = ReferenceEquals(composed, plain),
            ErrorPage = _application.NearestErrorPage,
            OnResponsePrepare = _prepare,
            Owner = _application,
        };

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
