// The other kinds of handlers; `Application` takes them too.
global using SyncHandler = System.Func<Reactor.Http.Request, Reactor.Http.Response>;
global using TaskHandler = System.Func<
    Reactor.Http.Request, System.Threading.Tasks.Task<Reactor.Http.Response>>;
using Reactor.Http.Routing;

namespace Reactor.Http;

/// <summary>
/// Maps methods and paths to handlers (aiohttp: <c>UrlDispatcher</c>). Patterns: <c>/literal</c>;
/// <c>/hello/{name}</c> for one segment; <c>/files/{rest...}</c> for the rest; and
/// <c>/hello/{name:raw}</c>, <c>/raw/{rest:raw...}</c> for the same with its percent escapes. A
/// route for GET also serves HEAD; OPTIONS is answered from the table.
/// </summary>
/// <remarks>
/// Frozen by <see cref="Application.MakeHandler"/> and <see cref="Application.Run"/>. A decoded
/// value is safe to append to the path of a folder; a path with an unsafe value, such as
/// <c>/files/..%2fsecret</c>, is answered with 404 unless a raw pattern matches it.
/// </remarks>
public sealed class Router
{
    private readonly RouteTable<Route> _table = new(); // for conflicts, as soon as they arise
    private readonly List<Route> _routes = [];
    private RouteDispatcher? _dispatcher;

    /// <summary>Adds a route whose handler is a coroutine.</summary>
    /// <param name="method">
    /// The method, such as <c>GET</c>, in upper case; <c>*</c> for every method without a route.
    /// </param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="options">Options that differ from the server's.</param>
    /// <exception cref="ArgumentException">
    /// The method or the pattern is malformed, or conflicts with another route.
    /// </exception>
    /// <exception cref="InvalidOperationException">The application is being served.</exception>
    [System.Runtime.CompilerServices.OverloadResolutionPriority(1)]
    public Route AddRoute(
        string method, string pattern, Handler handler, RouteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (_dispatcher is not null)
        {
            throw new InvalidOperationException(
                $"The route '{method} {pattern}' is too late: the application is being served. "
                + "Add routes before MakeHandler or Run.");
        }

        if (method == "CONNECT")
        {
            throw new ArgumentException(
                "CONNECT has no path: this server is not a proxy and answers it with 501.",
                nameof(method));
        }

        var route = new Route(method, pattern, handler, options);
        _table.Add(method, pattern, route);
        _routes.Add(route);
        return route;
    }

    /// <summary>
    /// Adds a route whose handler is a plain async method; it also runs on the loop thread.
    /// </summary>
    /// <inheritdoc cref="AddRoute(string, string, Handler, RouteOptions)"/>
    public Route AddRoute(
        string method, string pattern, TaskHandler handler, RouteOptions? options = null) =>
        AddRoute(method, pattern, Adapt(handler), options);

    /// <summary>Adds a route whose handler does not wait.</summary>
    /// <inheritdoc cref="AddRoute(string, string, Handler, RouteOptions)"/>
    public Route AddRoute(
        string method, string pattern, SyncHandler handler, RouteOptions? options = null) =>
        AddRoute(method, pattern, Adapt(handler), options);

    /// <summary>Ends the time of adding routes; idempotent.</summary>
    internal RouteDispatcher Freeze(Application application)
    {
        if (_dispatcher is null)
        {
            var table = new RouteTable<Endpoint>();
            foreach (Route route in _routes)
            {
                table.Add(route.Method, route.Pattern, MakeEndpoint(application, route));
            }

            _dispatcher = new RouteDispatcher(table);
        }

        return _dispatcher;
    }

    private static Endpoint MakeEndpoint(Application application, Route route) =>
        new(application.Compose(route.Handler))
        {
            BodyBytesMax = route.Options?.BodyBytesMax,
            ServesOverloaded = route.Options?.ServesOverloaded == true,
            HandlerTimeout = route.Options?.HandlerTimeout,
            RequestsInFlightMax = route.Options?.RequestsInFlightMax,
            CancelHandlerOnDisconnect = route.Options?.CancelHandlerOnDisconnect,
            Pattern = route.Pattern,
            Route = route,
            Owner = application,
        };

    private static Handler Adapt(TaskHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Run;

        async Coroutine<Response> Run(Request request) => await handler(request);
    }

    private static Handler Adapt(SyncHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Run;

#pragma warning disable CS1998 // an exception must come from the await
        async Coroutine<Response> Run(Request request) => handler(request);
#pragma warning restore CS1998
    }
}
