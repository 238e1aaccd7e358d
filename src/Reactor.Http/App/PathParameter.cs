using Reactor.Http.Routing;

namespace Reactor.Http;

/// <summary>The kind of the values that a parameter of a path captures.</summary>
public enum PathValueKind
{
    /// <summary>Any text that is not empty.</summary>
    Text,

    /// <summary>ASCII letters: <c>:alpha</c>.</summary>
    Letters,

    /// <summary>A GUID with its hyphens: <c>:guid</c>.</summary>
    Guid,

    /// <summary>A whole number: <c>:int</c>, <c>:long</c> or <c>:range</c>.</summary>
    Number,
}

/// <summary>
/// A parameter of a route's pattern, for tools that describe an application:
/// <see cref="Route.Parameters"/>.
/// </summary>
/// <remarks>Immutable; any thread.</remarks>
public sealed record PathParameter
{
    private PathParameter(PatternSegment segment)
    {
        Name = segment.Text;
        IsTail = segment.IsTail;
        IsRaw = segment.IsRaw;
        if (segment.Values is not { } values)
        {
            return;
        }

        Kind = (PathValueKind)values.Kind;
        if (values.Kind == ValueKind.Number)
        {
            Least = values.Negative.IsEmpty ? values.Natural.Least : values.Negative.Least;
            Most = values.Natural.IsEmpty ? values.Negative.Most : values.Natural.Most;
        }
        else if (values.Kind != ValueKind.Guid)
        {
            Least = values.Lengths.Least;
            Most = values.Lengths.Most == int.MaxValue ? null : values.Lengths.Most;
        }
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>
    /// Whether it is the rest of the path, <c>{name...}</c>, which may be empty and may have
    /// slashes.
    /// </summary>
    public bool IsTail { get; }

    /// <summary>Whether the value keeps its percent escapes: <c>:raw</c>.</summary>
    public bool IsRaw { get; }

    /// <summary>What its constraints leave.</summary>
    public PathValueKind Kind { get; }

    /// <summary>
    /// The least number, or the least length of a text; null without such a constraint.
    /// </summary>
    public long? Least { get; }

    /// <summary>
    /// The greatest number, or the greatest length of a text; null without such a constraint.
    /// </summary>
    public long? Most { get; }

    internal static IReadOnlyList<PathParameter> Of(RoutePattern pattern) =>
    [
        .. pattern.Segments.Where(segment => segment.Kind != SegmentKind.Literal)
            .Select(segment => new PathParameter(segment)),
    ];

    internal static string TemplateOf(RoutePattern pattern) => string.Concat(
        pattern.Segments.Select(segment =>
            segment.Kind == SegmentKind.Literal ? $"/{segment.Text}" : $"/{{{segment.Text}}}"));
}
