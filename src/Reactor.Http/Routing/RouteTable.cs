// Path and method -> handler.
//
// Routes are kept in a tree by segment: each node has its literal children, at most one parameter
// child, one raw parameter, one tail and one raw tail. Each beats those after it, segment by
// segment from the left; where the better choice leads nowhere, the next is tried. No node is
// visited twice for one path, so a match costs at most one step for each node that some route put
// there, and one for each segment when no literal stands beside a parameter.
//
// Filled at start, by one thread; then read by any number of threads.
using System.Buffers;

namespace Reactor.Http.Routing;

/// <summary>A table of routes.</summary>
/// <typeparam name="THandler">What a route leads to.</typeparam>
internal sealed class RouteTable<THandler>
{
    /// <summary>
    /// Segments of a path; 128. A path with more is refused: no route has so many, and every step
    /// of matching is bounded by it.
    /// </summary>
    public const int SegmentsMax = 128;

    private static readonly SearchValues<char> s_methodCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

    private readonly HashSet<string> _literals = new(StringComparer.Ordinal);
    private readonly RouteNode<THandler> _root = new();

    /// <summary>The paths of the routes without captures, in normal form.</summary>
    public IReadOnlyCollection<string> LiteralPaths => _literals;

    /// <summary>
    /// Adds a route. Patterns: <c>/literal</c>; <c>/hello/{name}</c>, one segment that is not
    /// empty, decoded; <c>/files/{rest...}</c>, all the rest, perhaps empty and with slashes,
    /// decoded; <c>/hello/{name:raw}</c> and <c>/raw/{rest:raw...}</c>, the same as it was sent,
    /// with its escapes.
    /// </summary>
    /// <remarks>
    /// A decoded value is safe to append to the path of a folder: it has no dot segment, no
    /// backslash, no NUL, no empty segment but a last one, and the only slashes are those between
    /// the segments of a tail. A path with another value, as <c>/files/..%2fsecret</c>,
    /// <c>/files//etc</c> or <c>/hello/%FF</c>, is matched by a raw pattern only.
    /// </remarks>
    /// <param name="method">
    /// A method as it is sent, in upper case; or <c>*</c> for all that have no own route.
    /// </param>
    /// <param name="pattern">The pattern, written plainly, without escapes.</param>
    /// <param name="handler">What it leads to.</param>
    /// <exception cref="ArgumentException">
    /// The method has another character than upper-case letters, digits, <c>-</c>, <c>.</c> and
    /// <c>_</c>; the pattern is malformed; or a route with the same method and shape is there
    /// already.
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
    /// Finds the route of a request. Allocates only for captured values and for Allow.
    /// </summary>
    /// <param name="method">The method, as it was sent.</param>
    /// <param name="path">The path with its escapes and without the query.</param>
    /// <returns>One of the four outcomes.</returns>
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

    // Methods are compared by case (RFC 9110 9.1), and all that are registered are in upper case: a
    // route for "get" or "GET|POST" would never match anything.
    private static void ThrowIfNoMethod(string method)
    {
        if (method != "*" && method.AsSpan().ContainsAnyExcept(s_methodCharacters))
        {
            throw new ArgumentException(
                $"The method '{method}' is not usable: a method is compared by case and consists "
                + "of upper-case letters, digits, '-', '.' and '_', such as "
                + $"'{UsableFormOf(method)}'; '*' stands for every method without a route of its "
                + "own.",
                nameof(method));
        }
    }

    private static string UsableFormOf(string method) =>
        method.ToUpperInvariant() is var upper
            && upper.AsSpan().ContainsAnyExcept(s_methodCharacters) ? "GET" : upper;

    // The segments of a path, or 0 if it is malformed. "/" has one segment, which is empty.
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
            lastUnsafe =
                content == SegmentContent.Unsafe || isEmptyBetween ? count : lastUnsafe;
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
