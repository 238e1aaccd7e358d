using System.Runtime.CompilerServices;

namespace Reactor.Http;

/// <summary>
/// A route of an application: methods, pattern, handler, and what a program says about them
/// (aiohttp: a resource route).
/// </summary>
/// <remarks>Set up before the application is served; then immutable and for any thread.</remarks>
public sealed class Route
{
    private readonly List<Func<Request, Handler, Coroutine<Response>>> _middleware = [];
    private readonly List<object> _metadata = [];
    private readonly string _pattern;

    internal Route(
        Application application, IReadOnlyList<string> methods, string pattern, Handler handler,
        RouteOptions? options)
    {
        Application = application;
        Methods = [.. methods];
        _pattern = pattern;
        Handler = handler;
        Options = options;
    }

    /// <summary>The application that the route was added to.</summary>
    public Application Application { get; }

    /// <summary>The methods in upper case, or <c>*</c>.</summary>
    public IReadOnlyList<string> Methods { get; }

    /// <summary>
    /// The pattern, with the prefixes of the applications that the route is mounted in.
    /// </summary>
    public string Pattern => Application.Prefix + _pattern;

    /// <summary>The host that the route is limited to, or null.</summary>
    public string? Host => Application.HostName;

    /// <summary>The name for <c>UrlFor</c>, or null.</summary>
    public string? Name { get; private set; }

    /// <summary>Objects that describe the route, in the order of <see cref="With"/>.</summary>
    public IReadOnlyList<object> Metadata => _metadata;

    /// <summary>The options, or null.</summary>
    public RouteOptions? Options { get; }

    internal Handler Handler { get; }

    internal IReadOnlyList<Func<Request, Handler, Coroutine<Response>>> Middleware => _middleware;

    /// <summary>Names the route, for <c>UrlFor</c>.</summary>
    /// <param name="name">A name, case-sensitive and unique in the application.</param>
    /// <exception cref="ArgumentException">
    /// Another route of the application has the name, or this route has another.
    /// </exception>
    /// <exception cref="InvalidOperationException">The application is being served.</exception>
    public Route Named(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Application.ThrowIfFrozen($"the name of the route '{this}'");
        Application.Router.AddName(name, this);
        Name = name;
        return this;
    }

    /// <summary>
    /// Adds a middleware around the handler of this route only, inside those of its applications.
    /// The first one added is the outermost.
    /// </summary>
    /// <param name="middleware">As of an application.</param>
    /// <exception cref="InvalidOperationException">The application is being served.</exception>
    [OverloadResolutionPriority(1)]
    public Route Use(Func<Request, Handler, Coroutine<Response>> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        Application.ThrowIfFrozen($"the middleware of the route '{this}'");
        _middleware.Add(middleware);
        return this;
    }

    /// <summary>Adds a middleware that is a plain async method, around this route only.</summary>
    /// <inheritdoc cref="Use(Func{Request, Handler, Coroutine{Response}})"/>
    public Route Use(Func<Request, Handler, Task<Response>> middleware) =>
        Use(Reactor.Http.Middleware.Adapt(middleware));

    /// <summary>
    /// Adds an object that describes the route, for middleware and tools: a middleware finds it in
    /// <c>request.Route.Metadata</c>.
    /// </summary>
    /// <param name="metadata">The object.</param>
    /// <exception cref="InvalidOperationException">The application is being served.</exception>
    public Route With(object metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        Application.ThrowIfFrozen($"the metadata of the route '{this}'");
        _metadata.Add(metadata);
        return this;
    }

    /// <summary>Methods, host and pattern: <c>GET /items/{id}</c>.</summary>
    public override string ToString() => $"{string.Join('|', Methods)} {Host}{Pattern}";
}
