// A node of the tree of routes: the routes whose patterns begin with the same segments. Its
// constrained children are sorted, so that a set of values stands before every set that contains
// it; each of them is safe or raw, the safe ones first.
namespace Reactor.Http.Routing;

internal sealed class RouteNode<THandler>
{
    /// <summary>A constrained child.</summary>
    public readonly record struct Branch(ValueSet Values, bool IsRaw, RouteNode<THandler> Node);

    private readonly Dictionary<string, RouteNode<THandler>>.AlternateLookup<ReadOnlySpan<char>>
        _literals = new Dictionary<string, RouteNode<THandler>>(StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The literal children, by their text in normal form.</summary>
    public IReadOnlyDictionary<string, RouteNode<THandler>> Literals => _literals.Dictionary;

    /// <summary>The constrained children in the order of the search, or null.</summary>
    public Branch[]? Branches { get; private set; }

    public RouteNode<THandler>? Parameter { get; private set; }

    public RouteNode<THandler>? RawParameter { get; private set; }

    public RouteNode<THandler>? Tail { get; private set; }

    public RouteNode<THandler>? RawTail { get; private set; }

    public RouteEndpoints<THandler>? Endpoints { get; set; }

    // Two routes may give a parameter different names.
    public RouteNode<THandler> Child(PatternSegment segment) => Existing(segment) ?? Add(segment);

    /// <summary>The child of a segment if there is one.</summary>
    public RouteNode<THandler>? Existing(PatternSegment segment) => segment.Kind switch
    {
        _ when segment.Values is { } values => FindBranch(values, segment.IsRaw),
        SegmentKind.Parameter => Parameter,
        SegmentKind.RawParameter => RawParameter,
        SegmentKind.Tail => Tail,
        SegmentKind.RawTail => RawTail,
        _ => Find(segment.Text),
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

    private RouteNode<THandler> Add(PatternSegment segment) => segment.Kind switch
    {
        _ when segment.Values is { } values => AddBranch(values, segment.IsRaw),
        SegmentKind.Parameter => Parameter = new(),
        SegmentKind.RawParameter => RawParameter = new(),
        SegmentKind.Tail => Tail = new(),
        SegmentKind.RawTail => RawTail = new(),
        _ => _literals[segment.Text] = new(),
    };

    private static string NormaliseLong(ReadOnlySpan<char> segment)
    {
        char[] normal = new char[segment.Length * PathSegment.NormalGrowth];
        return new string(normal, 0, PathSegment.Normalise(segment, normal));
    }

    private RouteNode<THandler>? Find(ReadOnlySpan<char> text) =>
        _literals.TryGetValue(text, out RouteNode<THandler>? child) ? child : null;

    private RouteNode<THandler>? FindBranch(ValueSet values, bool isRaw)
    {
        foreach (Branch branch in Branches ?? [])
        {
            if (branch.IsRaw == isRaw && branch.Values == values)
            {
                return branch.Node;
            }
        }

        return null;
    }

    private RouteNode<THandler> AddBranch(ValueSet values, bool isRaw)
    {
        Branch[] branches = Branches ?? [];
        int place = 0;
        while (place < branches.Length && !IsBefore(values, isRaw, branches[place]))
        {
            place++;
        }

        var added = new Branch(values, isRaw, new());
        Branches = [.. branches.AsSpan(..place), added, .. branches.AsSpan(place..)];
        return added.Node;
    }

    private static bool IsBefore(ValueSet values, bool isRaw, Branch other) =>
        isRaw == other.IsRaw
            ? values.RelationTo(other.Values) == ValueRelation.Subset
            : other.IsRaw;
}
