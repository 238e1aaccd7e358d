using Reactor.Http.Routing;

namespace Reactor.Http;

/// <summary>
/// Which handler answers which method and path (aiohttp: <c>UrlDispatcher</c>). Patterns:
/// <c>/literal</c>, <c>/hello/{name}</c> for one segment, <c>/files/{rest...}</c> for all that is
/// left, and <c>/hello/{name:raw}</c>, <c>/raw/{rest:raw...}</c> for the same with its escapes. GET
/// answers HEAD too, and OPTIONS is answered from the table.
/// </summary>
/// <remarks>
/// Filled before <see cref="Application.MakeHandler"/> or <see cref="Application.Run"/>, which
/// freeze it; conflicts are reported when a route is added. What a pattern captures decoded is safe to append to the path of a folder; a path with another value, such as
/// <c>/files/..%2fsecret</c>, is answered with 404 unless a raw pattern takes it.
/// </remarks>
public sealed class Router
{
    private readonly RouteTable<Endpoint> _table = new();
    private RouteDispatcher? _dispatcher;

    /// <summary>Adds a route whose handler is a coroutine.</summary>
    /// <param name="method">
    /// The method as it is sent, such as <c>GET</c>, in upper case; <c>*</c> for every other.
    /// </param>
    /// <param name="pattern">The path, with <c>{name}</c> and <c>{rest...}</c>.</param>
    /// <param name="handler">Answers a request.</param>
    /// <param name="options">What this route does otherwise than the server.</param>
    /// <exception cref="ArgumentException">
    /// The method or the pattern is malformed, or another route has the same method and shape.
    /// </exception>
    /// <exception cref="InvalidOperationException">The application is being served.</exception>
    [System.Runtime.CompilerServices.OverloadResolutionPriority(1)]
    public void AddRoute(
        string method,
        string pattern,
        Func<Request, Coroutine<Response>> handler,
        RouteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add(method, pattern, handler, options);
    }

    /// <summary>
    /// Adds a route whose handler is a plain async method; it runs on the loop thread all the same.
    /// </summary>
    /// <inheritdoc
    /// cref="AddRoute(string, string, Func{Request, Coroutine{Response}}, RouteOptions)"/>
    public void AddRoute(
        string method,
        string pattern,
        Func<Request, Task<Response>> handler,
        RouteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add(method, pattern, Adapt(handler), options);
    }

    /// <summary>Adds a route whose handler has nothing to wait for.</summary>
    /// <inheritdoc
    /// cref="AddRoute(string, string, Func{Request, Coroutine{Response}}, RouteOptions)"/>
    public void AddRoute(
        string method,
        string pattern,
        Func<Request, Response> handler,
        RouteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add(method, pattern, Adapt(handler), options);
    }

    /// <summary>Ends the time of adding routes; idempotent.</summary>
    internal RouteDispatcher Freeze() => _dispatcher ??= new RouteDispatcher(_table);

    private void Add(
        string method,
        string pattern,
        Func<Request, Coroutine<Response>> handler,
        RouteOptions? options)
    {
        if (_dispatcher is not null)
        {
            throw new InvalidOperationException(
                $"The route '{method} {pattern}' is too late: the application is being served. "
                + "Add routes before MakeHandler or Run.");
        }

        if (method == "CONNECT")
        {
            throw new ArgumentException(
                "CONNECT has no path, and this server is no proxy: it answers it with 501.",
                nameof(method));
        }

        _table.Add(method, pattern, new Endpoint(handler)
        {
            BodyBytesMax = options?.BodyBytesMax,
            ServesOverloaded = options?.ServesOverloaded == true,
            Pattern = pattern,
        });
    }

    private static Func<Request, Coroutine<Response>> Adapt(Func<Request, Task<Response>> handler)
    {
        return Run;

        async Coroutine<Response> Run(Request request) => await handler(request);
    }

    private static Func<Request, Coroutine<Response>> Adapt(Func<Request, Response> handler)
    {
        return Run;

#pragma warning disable CS1998 // what it throws must be thrown by its await
        async Coroutine<Response> Run(Request request) => handler(request);
#pragma warning restore CS1998
    }
}
