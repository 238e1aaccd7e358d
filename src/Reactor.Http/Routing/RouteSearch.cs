// The tree of routes, and the search in it for one request.
namespace Reactor.Http.Routing;

internal sealed class RouteNode<THandler>
{
    private readonly Dictionary<string, RouteNode<THandler>>.AlternateLookup<ReadOnlySpan<char>>
        _literals = new Dictionary<string, RouteNode<THandler>>(StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    public RouteNode<THandler>? Parameter { get; private set; }

    public RouteNode<THandler>? RawParameter { get; private set; }

    public RouteNode<THandler>? Tail { get; private set; }

    public RouteNode<THandler>? RawTail { get; private set; }

    public RouteEndpoints<THandler>? Endpoints { get; set; }

    // Two routes may give a parameter different names.
    public RouteNode<THandler> Child(PatternSegment segment) => segment.Kind switch
    {
        SegmentKind.Parameter => Parameter ??= new(),
        SegmentKind.RawParameter => RawParameter ??= new(),
        SegmentKind.Tail => Tail ??= new(),
        SegmentKind.RawTail => RawTail ??= new(),
        _ => Find(segment.Text) ?? (_literals[segment.Text] = new()),
    };

    public RouteNode<THandler>? Literal(ReadOnlySpan<char> segment)
    {
        if (!PathSegment.NeedsNormalising(segment))
        {
            return Find(segment);
        }

        // Longer than any literal of a pattern in normal form.
        Span<char> normal = stackalloc char[256];
        return segment.Length * PathSegment.NormalGrowth <= normal.Length
            ? Find(normal[..PathSegment.Normalise(segment, normal)])
            : Find(NormaliseLong(segment));
    }

    private static string NormaliseLong(ReadOnlySpan<char> segment)
    {
        char[] normal = new char[segment.Length * PathSegment.NormalGrowth];
        return new string(normal, 0, PathSegment.Normalise(segment, normal));
    }

    private RouteNode<THandler>? Find(ReadOnlySpan<char> text) =>
        _literals.TryGetValue(text, out RouteNode<THandler>? child) ? child : null;
}

// The escapes of the path are well-formed. `lastUnsafe` is the last segment that only raw patterns
// capture, or -1.
internal ref struct RouteSearch<THandler>(
    ReadOnlySpan<char> method, ReadOnlySpan<char> path, ReadOnlySpan<Range> segments,
    int lastUnsafe)
{
    private readonly ReadOnlySpan<char> _method = method;
    private readonly ReadOnlySpan<char> _path = path;
    private readonly ReadOnlySpan<Range> _segments = segments;
    private SortedSet<string>? _allowed;
    private THandler? _handler;
    private RoutePattern? _pattern;

    public RouteMatch<THandler> Run(RouteNode<THandler> root)
    {
        if (Visit(root, 0))
        {
            return Found();
        }

        return _allowed is null
            ? new RouteMatch<THandler>(RouteOutcome.NotFound)
            : new RouteMatch<THandler>(RouteOutcome.MethodNotAllowed)
            {
                Allow = string.Join(", ", _allowed),
            };
    }

    // At most as deep as a path has segments.
    private bool Visit(RouteNode<THandler> node, int depth)
    {
        if (depth == _segments.Length)
        {
            return Ends(node);
        }

        ReadOnlySpan<char> segment = _path[_segments[depth]];
        return (node.Literal(segment) is { } literal && Visit(literal, depth + 1))
            || (!segment.IsEmpty && node.Parameter is { } parameter && IsSafe(depth)
                && Visit(parameter, depth + 1))
            || (!segment.IsEmpty && node.RawParameter is { } raw && Visit(raw, depth + 1))
            || (lastUnsafe < depth && node.Tail is { } tail && Ends(tail))
            || (node.RawTail is { } rawTail && Ends(rawTail));
    }

    private readonly bool IsSafe(int depth) =>
        lastUnsafe < depth || PathSegment.ContentOf(_path[_segments[depth]]) == SegmentContent.Safe;

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
            SegmentKind kind = pattern[i].Kind;
            if (kind == SegmentKind.Literal)
            {
                continue;
            }

            ReadOnlySpan<char> value = _path[_segments[i]];
            if (kind is SegmentKind.Tail or SegmentKind.RawTail)
            {
                value = _path[_segments[i].Start.Value..];
            }

            values[captured++] = kind is SegmentKind.Parameter or SegmentKind.Tail
                ? PathSegment.Decode(value)
                : value.ToString();
        }

        return new RouteMatch<THandler>(RouteOutcome.Found)
        {
            Handler = _handler,
            Pattern = _pattern.Text,
            Names = _pattern.Names,
            Values = values,
        };
    }
}
