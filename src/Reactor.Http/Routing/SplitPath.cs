namespace Reactor.Http.Routing;

/// <summary>A path with well-formed escapes, split at its slashes.</summary>
/// <param name="path">The path as it was sent.</param>
/// <param name="segments">Its segments; "/" has one, which is empty.</param>
/// <param name="lastUnsafe">The last segment that only raw patterns capture, or -1.</param>
internal readonly ref struct SplitPath(
    ReadOnlySpan<char> path, ReadOnlySpan<Range> segments, int lastUnsafe)
{
    private readonly ReadOnlySpan<char> _path = path;
    private readonly ReadOnlySpan<Range> _segments = segments;

    public int Count => _segments.Length;

    public ReadOnlySpan<char> this[int segment] => _path[_segments[segment]];

    /// <summary>The rest of the path from a segment on.</summary>
    public ReadOnlySpan<char> From(int segment) => _path[_segments[segment].Start.Value..];

    /// <summary>Whether a safe tail captures the path from a segment on.</summary>
    public bool IsSafeFrom(int segment) => lastUnsafe < segment;

    /// <summary>Whether a segment may be captured as a decoded value.</summary>
    public bool IsSafe(int segment) =>
        lastUnsafe < segment || PathSegment.ContentOf(this[segment]) == SegmentContent.Safe;

    /// <summary>Whether a parameter captures a segment.</summary>
    public bool Holds(int segment, bool isRaw, ValueSet? values = null) =>
        !this[segment].IsEmpty
        && (isRaw || IsSafe(segment))
        && (values is null || PathSegment.IsIn(values, this[segment]));

    /// <summary>
    /// Splits a path into ranges, one more than a path may have; false if it is malformed or has
    /// too many segments.
    /// </summary>
    public static bool TrySplit(ReadOnlySpan<char> path, Span<Range> segments, out SplitPath split)
    {
        split = default;
        int lastUnsafe = -1;
        if (path.IsEmpty || path[0] != '/')
        {
            return false;
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
                return false;
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

        split = new SplitPath(path, segments[..count], lastUnsafe);
        return count < segments.Length;
    }
}
