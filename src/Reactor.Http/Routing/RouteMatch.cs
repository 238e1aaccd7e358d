namespace Reactor.Http.Routing;

/// <summary>The outcome of a match.</summary>
internal enum RouteOutcome
{
    /// <summary>No route has this path: 404.</summary>
    NotFound,

    /// <summary>A route has this path and method.</summary>
    Found,

    /// <summary>Routes have this path, but not this method: 405, or OPTIONS.</summary>
    MethodNotAllowed,

    /// <summary>The path is malformed: 400.</summary>
    BadPath,
}

/// <summary>The result of a match in a <see cref="RouteTable{THandler}"/>.</summary>
internal readonly struct RouteMatch<THandler>(RouteOutcome outcome)
{
    public RouteOutcome Outcome { get; } = outcome;

    public THandler? Handler { get; init; }

    /// <summary>Found: the pattern of the route.</summary>
    public RoutePattern? Pattern { get; init; }

    /// <summary>Found: the names of the captured values, in the order of the pattern.</summary>
    public string[] Names => Pattern?.Names ?? [];

    /// <summary>
    /// Found: the captured values, decoded and safe to append to the path of a folder; where the
    /// pattern says <c>:raw</c>, as the client sent them.
    /// </summary>
    public string[] Values { get; init; } = [];

    /// <summary>MethodNotAllowed: the value of Allow (RFC 9110 10.2.1).</summary>
    public string Allow { get; init; } = "";

    /// <summary>
    /// NotFound and MethodNotAllowed: the scope of the path (see <see cref="RouteScopes"/>), or
    /// null.
    /// </summary>
    public object? Scope { get; init; }
}
