// Maps path and method to a handler.
//
// Routes form a tree of segments: a node has literal children and at most one parameter, one raw
// parameter, one tail and one raw tail. Each goes before those after it, segment by segment from
// the left, with backtracking. A match takes at most one step per node.
//
// One thread fills the table; then any number of threads read it.
using System.Buffers;

namespace Reactor.Http.Routing;

/// <summary>A table of routes.</summary>
internal sealed class RouteTable<THandler>
{
    /// <summary>
    /// Segments of a path, 128: no route has more, and it bounds every step of matching.
    /// </summary>
    public const int SegmentsMax = 128;

    private static readonly SearchValues<char> s_methodCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

    private readonly HashSet<string> _literals = new(StringComparer.Ordinal);
    private readonly RouteNode<THandler> _root = new();

    /// <summary>The paths of the routes without captures, in normal form.</summary>
    public IReadOnlyCollection<string> LiteralPaths => _literals;

    /// <summary>
    /// Adds a route, by a method in upper case, or <c>*</c> for those without a route, and a
    /// pattern (see <see cref="RoutePattern"/>).
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The method or the pattern is malformed, or conflicts with another route.
    /// </exception>
    public void Add(string method, string pattern, THandler handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        ArgumentNullException.ThrowIfNull(pattern);
        ThrowIfNoMethod(method);
        RoutePattern parsed = RoutePattern.Parse(pattern, SegmentsMax);
        RouteNode<THandler> node = _root;
        foreach (PatternSegment segment in parsed.Segments)
        {
            node = node.Child(segment);
        }

        node.Endpoints ??= new RouteEndpoints<THandler>();
        node.Endpoints.Add(method, parsed, handler);
        if (parsed.IsLiteral)
        {
            _literals.Add(parsed.LiteralPath);
        }
    }

    /// <summary>
    /// Matches a method and a path without its query, both as sent. Allocates only captured values
    /// and Allow.
    /// </summary>
    public RouteMatch<THandler> Match(ReadOnlySpan<char> method, ReadOnlySpan<char> path)
    {
        Span<Range> segments = stackalloc Range[SegmentsMax + 1];
        int count = Split(path, segments, out int lastUnsafe);
        if (count is 0 or > SegmentsMax)
        {
            return new RouteMatch<THandler>(RouteOutcome.BadPath);
        }

        var search = new RouteSearch<THandler>(method, path, segments[..count], lastUnsafe);
        return search.Run(_root);
    }

    // Methods are case-sensitive (RFC 9110 9.1) and all registered ones are in upper case: a route
    // for "get" or "GET|POST" would never match.
    private static void ThrowIfNoMethod(string method)
    {
        if (method != "*" && method.AsSpan().ContainsAnyExcept(s_methodCharacters))
        {
            throw new ArgumentException(
                $"The method '{method}' is not usable: a method is case-sensitive and consists of "
                + "upper-case letters, digits, '-', '.' and '_', such as "
                + $"'{UsableFormOf(method)}'; '*' stands for every method without a route.",
                nameof(method));
        }
    }

    private static string UsableFormOf(string method) =>
        method.ToUpperInvariant() is var upper
            && upper.AsSpan().ContainsAnyExcept(s_methodCharacters) ? "GET" : upper;

    // The number of segments, or 0 if the path is malformed. "/" has one empty segment.
    private static int Split(ReadOnlySpan<char> path, Span<Range> segments, out int lastUnsafe)
    {
        lastUnsafe = -1;
        if (path.IsEmpty || path[0] != '/')
        {
            return 0;
        }

        int count = 0;
        int start = 1;
        while (count < segments.Length)
        {
            int length = path[start..].IndexOf('/');
            int end = length < 0 ? path.Length : start + length;
            SegmentContent content = PathSegment.ContentOf(path[start..end]);
            if (content == SegmentContent.Malformed)
            {
                return 0;
            }

            bool isEmptyBetween = start == end && length >= 0;
            lastUnsafe = content == SegmentContent.Unsafe || isEmptyBetween ? count : lastUnsafe;
            segments[count++] = start..end;
            if (length < 0)
            {
                break;
            }

            start = end + 1;
        }

        return count;
    }
}
