using Reactor.Http.Routing;

namespace Reactor.Http;

/// <summary>
/// Which handler answers which method and path (aiohttp: <c>UrlDispatcher</c>). Patterns:
/// <c>/literal</c>, <c>/hello/{name}</c> for one segment, <c>/files/{rest...}</c> for all that is
/// left, and <c>/raw/{rest:raw...}</c> for the same with its escapes. GET answers HEAD too, and
/// OPTIONS is answered from the table.
/// </summary>
/// <remarks>
/// Filled before the server starts; conflicts are reported when a route is added.
/// </remarks>
public sealed class Router
{
    internal RouteTable<Route> Table { get; } = new();

    /// <summary>Counts the routes that were added: what was learned from fewer is void.</summary>
    internal int Version { get; private set; }

    /// <summary>Adds a route whose handler is a coroutine.</summary>
    /// <param name="method">
    /// The method as it is sent, such as <c>GET</c>; <c>*</c> for every other.
    /// </param>
    /// <param name="pattern">The path, with <c>{name}</c> and <c>{rest...}</c>.</param>
    /// <param name="handler">Answers a request.</param>
    /// <param name="options">What this route does otherwise than the server.</param>
    /// <exception cref="ArgumentException">
    /// The pattern is malformed, or another route has the same method and shape.
    /// </exception>
    [System.Runtime.CompilerServices.OverloadResolutionPriority(1)]
    public void AddRoute(
        string method,
        string pattern,
        Func<Request, Coroutine<Response>> handler,
        RouteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add(method, pattern, new Route(handler, options, pattern));
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
        Add(method, pattern, new Route(Adapt(handler), options, pattern));
    }

    private void Add(string method, string pattern, Route route)
    {
        Table.Add(method, pattern, route);
        Version++;
    }

    private static Func<Request, Coroutine<Response>> Adapt(Func<Request, Task<Response>> handler)
    {
        return Run;

        async Coroutine<Response> Run(Request request) => await handler(request);
    }
}
