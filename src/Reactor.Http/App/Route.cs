using System.Globalization;
using System.Runtime.CompilerServices;
using Reactor.Http.Routing;

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
    private RoutePattern? _parsed; // when it is asked for

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

    /// <summary>
    /// The pattern as a template of paths: a parameter is only its name in braces, and literals are
    /// escaped, <c>/files/{rest}</c>.
    /// </summary>
    public string Template => PathParameter.TemplateOf(Parse());

    /// <summary>The parameters of the pattern, in their order.</summary>
    public IReadOnlyList<PathParameter> Parameters => PathParameter.Of(Parse());

    /// <summary>The host that the route is limited to, or null.</summary>
    public string? Host => Application.HostName;

    /// <summary>The name for <c>UrlFor</c>, or null.</summary>
    public string? Name { get; private set; }

    /// <summary>Objects that describe the route, in the order of <see cref="With"/>.</summary>
    public IReadOnlyList<object> Metadata => _metadata;

    /// <summary>The options, or null.</summary>
    public RouteOptions? Options { get; }

    /// <summary>The pattern as it was added, without prefixes.</summary>
    internal string OwnPattern => _pattern;

    internal Handler Handler { get; }

    /// <summary>As of an application.</summary>
    internal Dictionary<Type, Action<Request?, Response>> Guards { get; } = [];

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
    /// <c>request.GetRoute().Metadata</c>.
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

    /// <summary>
    /// The path of the route, escaped: a request for it captures exactly these values. It is
    /// without scheme and host. Any thread after the application is served.
    /// </summary>
    /// <param name="values">
    /// A value for each parameter of the pattern, written in the invariant culture. A value of a
    /// <c>:raw</c> parameter stands as it is, with its escapes; only what cannot stand in a path is
    /// escaped.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A name is missing, unknown or given twice, or the parameter cannot capture its value: it is
    /// empty, violates a constraint, or is <c>..</c> or another unsafe value.
    /// </exception>
    public string UrlFor(params ReadOnlySpan<(string Name, object Value)> values) =>
        UrlFor(values, []);

    /// <summary>The same with a query.</summary>
    /// <param name="values">A value for each parameter of the pattern.</param>
    /// <param name="query">The names and values of the query, in this order.</param>
    /// <inheritdoc cref="UrlFor(ReadOnlySpan{ValueTuple{string, object}})"/>
    public string UrlFor(
        ReadOnlySpan<(string Name, object Value)> values,
        ReadOnlySpan<(string Name, object Value)> query) =>
        RouteFormat.Format(Parse(), Texts(values), Texts(query));

    /// <summary>Methods, host and pattern: <c>GET /items/{id}</c>.</summary>
    public override string ToString() => $"{string.Join('|', Methods)} {Host}{Pattern}";

    private RoutePattern Parse()
    {
        string pattern = Pattern;
        RoutePattern? parsed = _parsed;
        if (parsed?.Text != pattern) // the application may have been mounted since
        {
            _parsed = parsed = RoutePattern.Parse(pattern);
        }

        return parsed;
    }

    private static KeyValuePair<string, string>[] Texts(
        ReadOnlySpan<(string Name, object Value)> values)
    {
        var texts = new KeyValuePair<string, string>[values.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            (string name, object value) = values[i];
            texts[i] = new(name, value is null
                ? throw new ArgumentException($"The value of '{name}' is null.", nameof(values))
                : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
        }

        return texts;
    }
}
