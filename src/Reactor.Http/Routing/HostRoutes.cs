namespace Reactor.Http.Routing;

/// <summary>The routes of one host, or those for all hosts.</summary>
/// <param name="host">The host in normal form; "" for all hosts.</param>
/// <param name="index">The number of hosts that were added before.</param>
internal sealed class HostRoutes<THandler>(string host, int index)
{
    private readonly HashSet<string> _literals = new(StringComparer.Ordinal);

    public string Host { get; } = host;

    public int Index { get; } = index;

    public RouteNode<THandler> Root { get; } = new();

    /// <summary>The scopes of paths, in a tree of their own; null if there are none.</summary>
    public RouteScopes? Scopes { get; private set; }

    /// <summary>The paths of the routes without captures, in normal form.</summary>
    public IReadOnlyCollection<string> LiteralPaths => _literals;

    /// <summary>
    /// The routes to search after these: those of the next longest wildcard that covers this host,
    /// in the end those for all hosts; null after the latter.
    /// </summary>
    public HostRoutes<THandler>? Next { get; set; }

    /// <exception cref="ArgumentException">It conflicts with another route.</exception>
    public void Add(string method, RoutePattern pattern, THandler handler)
    {
        new RouteOverlap<THandler>(Host, method, pattern).ThrowIfAny(Root);
        RouteNode<THandler> node = Root;
        foreach (PatternSegment segment in pattern.Segments)
        {
            node = node.Child(segment);
        }

        node.Endpoints ??= new RouteEndpoints<THandler>();
        node.Endpoints.Add(Host, method, pattern, handler);
        if (pattern.IsLiteral)
        {
            _literals.Add(pattern.LiteralPath);
        }
    }

    public void AddScope(RoutePattern? prefix, object scope) =>
        (Scopes ??= new RouteScopes(Host)).Add(prefix, scope);
}
