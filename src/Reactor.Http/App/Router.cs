// The other kinds of handlers; `Application` takes them too.
global using SyncHandler = System.Func<Reactor.Http.Request, Reactor.Http.Response>;
global using TaskHandler = System.Func<
    Reactor.Http.Request, System.Threading.Tasks.Task<Reactor.Http.Response>>;
using System.Runtime.CompilerServices;
using Reactor.Http.Routing;

namespace Reactor.Http;

/// <summary>
/// Maps methods and paths to handlers (aiohttp: <c>UrlDispatcher</c>). Patterns: <c>/literal</c>;
/// <c>/hello/{name}</c> for one segment; <c>/files/{rest...}</c> for the rest; and
/// <c>/hello/{name:raw}</c>, <c>/raw/{rest:raw...}</c> for the same with its percent escapes. A
/// route for GET also serves HEAD; OPTIONS is answered from the table.
/// </summary>
/// <remarks>
/// Frozen by <see cref="ApplicationServing.MakeHandler"/> and <see cref="ApplicationServing.Run"/>.
/// A decoded value is safe to append to the path of a folder; a path with an unsafe value, such as
/// <c>/files/..%2fsecret</c>, is answered with 404 unless a raw pattern matches it.
/// </remarks>
public sealed class Router
{
    // For conflicts, as soon as they arise; those with other applications are found when frozen.
    private RouteTable<Route> _table = new();

    private readonly Dictionary<string, Route> _names = new(StringComparer.Ordinal);
    private readonly List<Route> _routes = [];
    private readonly Application _application;

    internal Router(Application application) => _application = application;

    internal IReadOnlyList<Route> Routes => _routes;

    /// <summary>Adds a route whose handler is a coroutine.</summary>
    /// <param name="method">
    /// The method, such as <c>GET</c>, in upper case; <c>*</c> for every method without a route.
    /// </param>
    /// <param name="pattern">
    /// The pattern; in an application that is mounted at a prefix it may be empty, for the prefix
    /// alone.
    /// </param>
    /// <param name="handler">The handler.</param>
    /// <param name="options">Options that differ from the server's.</param>
    /// <exception cref="ArgumentException">
    /// The method or the pattern is malformed, or conflicts with another route.
    /// </exception>
    /// <exception cref="InvalidOperationException">The application is being served.</exception>
    [OverloadResolutionPriority(1)]
    public Route AddRoute(
        string method, string pattern, Handler handler, RouteOptions? options = null) =>
        AddRoute([method], pattern, handler, options);

    /// <summary>
    /// Adds a route whose handler is a plain async method; it also runs on the loop thread.
    /// </summary>
    /// <inheritdoc cref="AddRoute(string, string, Handler, RouteOptions)"/>
    public Route AddRoute(
        string method, string pattern, TaskHandler handler, RouteOptions? options = null) =>
        AddRoute([method], pattern, handler, options);

    /// <summary>Adds a route whose handler does not wait.</summary>
    /// <inheritdoc cref="AddRoute(string, string, Handler, RouteOptions)"/>
    public Route AddRoute(
        string method, string pattern, SyncHandler handler, RouteOptions? options = null) =>
        AddRoute([method], pattern, handler, options);

    /// <summary>Adds one route for several methods.</summary>
    /// <param name="methods">The methods, in upper case; at least one.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="options">Options that differ from the server's.</param>
    /// <inheritdoc cref="AddRoute(string, string, Handler, RouteOptions)" path="/exception"/>
    [OverloadResolutionPriority(1)]
    public Route AddRoute(
        IReadOnlyList<string> methods, string pattern, Handler handler,
        RouteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(handler);
        var route = new Route(_application, methods, pattern, handler, options);
        _application.ThrowIfFrozen($"the routes, by adding '{route}'");
        if (methods.Count == 0)
        {
            throw new ArgumentException("A route needs a method.", nameof(methods));
        }

        if (methods.Contains("CONNECT"))
        {
            throw new ArgumentException(
                "CONNECT has no path: this server is not a proxy and answers it with 501.",
                nameof(methods));
        }

        try
        {
            AddTo(_table, route, pattern);
        }
        catch (ArgumentException)
        {
            // Some of its methods may be in: a route that was refused conflicts with no other.
            _table = new RouteTable<Route>();
            _routes.ForEach(one => AddTo(_table, one, one.OwnPattern));
            throw;
        }

        _routes.Add(route);
        return route;
    }

    private static void AddTo(RouteTable<Route> table, Route route, string pattern)
    {
        foreach (string method in pattern.Length == 0 ? [] : route.Methods)
        {
            table.Add(method, pattern, route);
        }
    }

    /// <summary>Adds one route for several methods, by a plain async method.</summary>
    /// <inheritdoc cref="AddRoute(IReadOnlyList{string}, string, Handler, RouteOptions)"/>
    public Route AddRoute(
        IReadOnlyList<string> methods, string pattern, TaskHandler handler,
        RouteOptions? options = null) =>
        AddRoute(methods, pattern, Adapt(handler), options);

    /// <summary>Adds one route for several methods, whose handler does not wait.</summary>
    /// <inheritdoc cref="AddRoute(IReadOnlyList{string}, string, Handler, RouteOptions)"/>
    public Route AddRoute(
        IReadOnlyList<string> methods, string pattern, SyncHandler handler,
        RouteOptions? options = null) =>
        AddRoute(methods, pattern, Adapt(handler), options);

    internal Route? FindName(string name) => _names.GetValueOrDefault(name);

    internal void AddName(string name, Route route)
    {
        if (route.Name is not null)
        {
            throw new ArgumentException(
                $"The route '{route}' cannot be named '{name}': its name is '{route.Name}'.",
                nameof(name));
        }

        if (!_names.TryAdd(name, route))
        {
            throw new ArgumentException(
                $"The route '{route}' cannot be named '{name}': that is '{_names[name]}'.",
                nameof(name));
        }
    }

    private static Handler Adapt(TaskHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Run;

        async Coroutine<Response> Run(Request request) =>
            await AccountFlow.CallAsync(handler, request);
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
