// The search in the trees of routes for one request.
namespace Reactor.Http.Routing;

internal ref struct RouteSearch<THandler>(ReadOnlySpan<char> method, SplitPath path)
{
    private readonly ReadOnlySpan<char> _method = method;
    private readonly SplitPath _path = path;
    private SortedSet<string>? _allowed;
    private THandler? _handler;
    private RoutePattern? _pattern;

    /// <summary>Searches the routes of a host, then the less specific ones.</summary>
    public RouteMatch<THandler> Run(HostRoutes<THandler> hosts)
    {
        HostRoutes<THandler>? knowing = null; // the first with the path
        for (HostRoutes<THandler>? host = hosts; host is not null; host = host.Next)
        {
            if (Visit(host.Root, 0))
            {
                return Found();
            }

            knowing ??= _allowed is null ? null : host;
        }

        return new RouteMatch<THandler>(
            _allowed is null ? RouteOutcome.NotFound : RouteOutcome.MethodNotAllowed)
        {
            Allow = _allowed is null ? "" : string.Join(", ", _allowed),
            Scope = ScopeIn(knowing ?? hosts),
        };
    }

    // At most as deep as a path has segments.
    private bool Visit(RouteNode<THandler> node, int depth)
    {
        if (depth == _path.Count)
        {
            return Ends(node);
        }

        ReadOnlySpan<char> segment = _path[depth];
        return (node.Literal(segment) is { } literal && Visit(literal, depth + 1))
            || (node.Branches is { } branches && VisitAny(branches, depth))
            || (!segment.IsEmpty && node.Parameter is { } parameter && _path.IsSafe(depth)
                && Visit(parameter, depth + 1))
            || (!segment.IsEmpty && node.RawParameter is { } raw && Visit(raw, depth + 1))
            || (node.Tail is { } tail && _path.IsSafeFrom(depth) && Ends(tail))
            || (node.RawTail is { } rawTail && Ends(rawTail));
    }

    private bool VisitAny(RouteNode<THandler>.Branch[] branches, int depth)
    {
        foreach (RouteNode<THandler>.Branch branch in branches)
        {
            if (_path.Holds(depth, branch.IsRaw, branch.Values) && Visit(branch.Node, depth + 1))
            {
                return true;
            }
        }

        return false;
    }

    private bool Ends(RouteNode<THandler> node)
    {
        if (node.Endpoints is not { } endpoints)
        {
            return false;
        }

        if (endpoints.TryFind(_method, out _handler, out _pattern))
        {
            return true;
        }

        _allowed ??= new SortedSet<string>(StringComparer.Ordinal);
        _allowed.UnionWith(endpoints.Methods);
        return false;
    }

    private readonly RouteMatch<THandler> Found()
    {
        PatternSegment[] pattern = _pattern!.Segments;
        string[] values = _pattern.IsLiteral ? [] : new string[_pattern.Names.Length];
        for (int i = 0, captured = 0; i < pattern.Length; i++)
        {
            if (pattern[i].Kind == SegmentKind.Literal)
            {
                continue;
            }

            ReadOnlySpan<char> value = pattern[i].IsTail ? _path.From(i) : _path[i];
            values[captured++] = pattern[i].IsRaw ? value.ToString() : PathSegment.Decode(value);
        }

        return new RouteMatch<THandler>(RouteOutcome.Found)
        {
            Handler = _handler,
            Pattern = _pattern,
            Values = values,
        };
    }

    private readonly object? ScopeIn(HostRoutes<THandler>? host)
    {
        object? scope = null;
        for (; scope is null && host is not null; host = host.Next)
        {
            scope = host.Scopes?.Find(_path);
        }

        return scope;
    }
}
