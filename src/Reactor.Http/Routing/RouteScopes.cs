// Which scope a path belongs to that no route serves: the scope with the longest prefix. A scope is
// an object of the caller, such as the application mounted at the prefix.
namespace Reactor.Http.Routing;

internal sealed class RouteScopes(string host)
{
    private const string Any = "*"; // a scope has all methods

    private readonly RouteNode<object> _root = new();

    /// <summary>
    /// Adds a scope for the paths of a prefix, which are the prefix itself and those below it; null
    /// stands for all paths. The first scope of a prefix stays.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// Another prefix is as long and has some of the paths, and neither is more specific.
    /// </exception>
    public void Add(RoutePattern? prefix, object scope)
    {
        prefix ??= RoutePattern.Empty;
        new RouteOverlap<object>(host, Any, prefix).ThrowIfAny(_root);
        RouteNode<object> node = _root;
        foreach (PatternSegment segment in prefix.Segments)
        {
            node = node.Child(segment);
        }

        if (node.Endpoints is null)
        {
            node.Endpoints = new RouteEndpoints<object>();
            node.Endpoints.Add(host, Any, prefix, scope);
        }
    }

    /// <summary>
    /// Finds the scope with the longest prefix; of several prefixes as long, the first in the order
    /// of routes. Allocates nothing, and takes at most one step per prefix.
    /// </summary>
    public object? Find(in SplitPath path)
    {
        (object? scope, int depth) best = (null, -1);
        Visit(_root, path, 0, ref best);
        return best.scope;
    }

    private static void Visit(
        RouteNode<object> node, in SplitPath path, int depth, ref (object? Scope, int Depth) best)
    {
        if (depth > best.Depth && node.Endpoints is { } endpoints
            && endpoints.TryFind(Any, out object? scope, out _))
        {
            best = (scope, depth);
        }

        if (depth == path.Count)
        {
            return;
        }

        ReadOnlySpan<char> segment = path[depth];
        if (node.Literal(segment) is { } literal)
        {
            Visit(literal, path, depth + 1, ref best);
        }

        foreach (RouteNode<object>.Branch branch in node.Branches.AsSpan())
        {
            if (path.Holds(depth, branch.IsRaw, branch.Values))
            {
                Visit(branch.Node, path, depth + 1, ref best);
            }
        }

        if (node.Parameter is { } parameter && path.Holds(depth, isRaw: false))
        {
            Visit(parameter, path, depth + 1, ref best);
        }

        if (node.RawParameter is { } raw && path.Holds(depth, isRaw: true))
        {
            Visit(raw, path, depth + 1, ref best);
        }
    }
}
