// Finds two routes of which neither is more specific.
//
// Matching compares two routes segment by segment from the left, and the first difference decides:
// a literal, a constrained parameter, a raw constrained one, a parameter, a raw parameter, a tail,
// a raw tail, in this order; of two constrained parameters the one with the subset of the values.
// Two sets that overlap decide nothing, so two routes conflict if their first difference is such a
// pair, some path matches both, and some method is served by both. All of it is decided while the
// table is filled, so the order in which routes are added cannot matter.
namespace Reactor.Http.Routing;

/// <summary>The search for a route that conflicts with a new one.</summary>
internal readonly ref struct RouteOverlap<THandler>(
    string host, string method, RoutePattern pattern)
{
    private readonly ReadOnlySpan<PatternSegment> _segments = pattern.Segments;

    /// <exception cref="ArgumentException">A route below the root conflicts.</exception>
    public void ThrowIfAny(RouteNode<THandler> root)
    {
        RouteNode<THandler>? node = root;
        for (int i = 0; i < _segments.Length && node is not null; i++)
        {
            PatternSegment segment = _segments[i];
            foreach (RouteNode<THandler>.Branch branch in node.Branches ?? [])
            {
                if (segment.Values is not { } values || segment.IsRaw != branch.IsRaw
                    || values.RelationTo(branch.Values) != ValueRelation.Overlap)
                {
                    continue;
                }

                if (Find(branch.Node, i + 1) is { } other)
                {
                    throw new ArgumentException(
                        Conflict(other, i, values.Intersect(branch.Values)!));
                }
            }

            node = node.Existing(segment);
        }
    }

    private string Conflict(RouteName other, int place, ValueSet common) =>
        $"The route '{new RouteName(method, host, pattern.Text)}' conflicts with '{other}': both "
        + $"match a path with '{common.Example()}' as segment {place + 1}, and neither is more "
        + "specific there. Let the two have no value in common, or make all values of one values "
        + "of the other.";

    // A route below the node that matches a path which the segments from `depth` on match too.
    private RouteName? Find(RouteNode<THandler> node, int depth)
    {
        if (depth == _segments.Length)
        {
            return Served(node);
        }

        PatternSegment segment = _segments[depth];
        return segment.IsTail
            ? FindBelow(node, segment.IsRaw)
            : FindNext(node, segment, depth)
                ?? (IsSafeFrom(depth) ? Served(node.Tail) : null)
                ?? Served(node.RawTail);
    }

    private RouteName? FindNext(RouteNode<THandler> node, PatternSegment segment, int depth)
    {
        if (segment.Kind == SegmentKind.Literal)
        {
            ReadOnlySpan<char> text = segment.Text;
            RouteName? found = node.Literal(text) is { } same ? Find(same, depth + 1) : null;
            foreach (RouteNode<THandler>.Branch branch in node.Branches ?? [])
            {
                found ??= Captures(text, branch.IsRaw, branch.Values)
                    ? Find(branch.Node, depth + 1) : null;
            }

            return found
                ?? Next(PathSegment.IsSafeValue(text) ? node.Parameter : null, depth)
                ?? Next(text.Length > 0 ? node.RawParameter : null, depth);
        }

        foreach ((string text, RouteNode<THandler> literal) in node.Literals)
        {
            if (Captures(text, segment.IsRaw, segment.Values)
                && Find(literal, depth + 1) is { } found)
            {
                return found;
            }
        }

        foreach (RouteNode<THandler>.Branch branch in node.Branches ?? [])
        {
            if ((segment.Values ?? ValueSet.All).Intersect(branch.Values) is not null
                && Find(branch.Node, depth + 1) is { } found)
            {
                return found;
            }
        }

        return Next(node.Parameter, depth) ?? Next(node.RawParameter, depth);
    }

    private RouteName? Next(RouteNode<THandler>? node, int depth) =>
        node is null ? null : Find(node, depth + 1);

    // A route with at least one more segment that a tail matches.
    private RouteName? FindBelow(RouteNode<THandler> node, bool isRaw)
    {
        foreach ((string text, RouteNode<THandler> literal) in node.Literals)
        {
            if ((isRaw || text.Length == 0 || PathSegment.IsSafeValue(text))
                && (Served(literal) ?? FindBelow(literal, isRaw)) is { } found)
            {
                return found;
            }
        }

        foreach (RouteNode<THandler>.Branch branch in node.Branches ?? [])
        {
            if ((Served(branch.Node) ?? FindBelow(branch.Node, isRaw)) is { } found)
            {
                return found;
            }
        }

        return Below(node.Parameter, isRaw) ?? Below(node.RawParameter, isRaw)
            ?? Served(node.Tail) ?? Served(node.RawTail);
    }

    private RouteName? Below(RouteNode<THandler>? node, bool isRaw) =>
        node is null ? null : Served(node) ?? FindBelow(node, isRaw);

    private static bool Captures(ReadOnlySpan<char> text, bool isRaw, ValueSet? values) =>
        (isRaw ? text.Length > 0 : PathSegment.IsSafeValue(text))
        && (values is null || PathSegment.IsIn(values, text));

    private bool IsSafeFrom(int depth)
    {
        foreach (PatternSegment segment in _segments[depth..])
        {
            if (segment.Kind == SegmentKind.Literal && segment.Text.Length > 0
                && !PathSegment.IsSafeValue(segment.Text))
            {
                return false;
            }
        }

        return true;
    }

    private RouteName? Served(RouteNode<THandler>? node) =>
        node?.Endpoints?.FindServing(method) is (var other, { } text)
            ? new RouteName(other, host, text.Text)
            : null;
}
