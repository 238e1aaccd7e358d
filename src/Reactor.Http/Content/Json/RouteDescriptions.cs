// What a program says about a route, for documents such as OpenAPI. The objects are metadata of the
// route and cost nothing when it is served; `RouteDescribing` and the typed handlers add them.
using System.Text.Json.Serialization.Metadata;

namespace Reactor.Http;

/// <summary>The content that a route reads. Immutable; any thread.</summary>
/// <param name="ContentType">The media type, such as <c>application/json</c>.</param>
/// <param name="Type">The type of JSON; null if the content is something else.</param>
/// <param name="Description">A sentence for readers, or null.</param>
public sealed record RouteBody(
    string ContentType, JsonTypeInfo? Type = null, string? Description = null)
{
    /// <summary>Whether a request without content is refused. Default: yes.</summary>
    public bool IsRequired { get; init; } = true;

    /// <summary>A short text: <c>accepts Todo</c>.</summary>
    public override string ToString() => $"accepts {Type?.Type.Name ?? ContentType}";
}

/// <summary>A response of a route. Immutable; any thread.</summary>
/// <param name="Status">The status code.</param>
/// <param name="ContentType">The media type; null if the response has no content.</param>
/// <param name="Type">The type of JSON; null if the content is something else.</param>
/// <param name="Description">A sentence for readers; null for that of the status.</param>
public sealed record RouteResponse(
    int Status, string? ContentType = null, JsonTypeInfo? Type = null, string? Description = null)
{
    /// <summary>A short text: <c>200 Todo</c>.</summary>
    public override string ToString() => $"{Status} {Type?.Type.Name ?? ContentType}".TrimEnd();
}

/// <summary>Where a request has a parameter.</summary>
public enum RouteParameterPlace
{
    /// <summary>In the path; the pattern of the route names it.</summary>
    Path,

    /// <summary>In the query.</summary>
    Query,

    /// <summary>In a header field.</summary>
    Header,

    /// <summary>In a cookie.</summary>
    Cookie,
}

/// <summary>A value that a handler reads from a request. Immutable; any thread.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type that the handler reads it as.</param>
/// <param name="Description">A sentence for readers, or null.</param>
public sealed record RouteParameter(
    RouteParameterPlace Place, string Name, Type Type, string? Description = null)
{
    /// <summary>Whether a request without it is refused. That of a path is always there.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether the handler reads all values of the name: <c>GetAll</c>.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>The names that are valid, of an enumeration; null for other types.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>A short text: <c>query page</c>.</summary>
    public override string ToString() => $"{Place.ToString().ToLowerInvariant()} {Name}";
}

/// <summary>What a route does. Immutable; any thread.</summary>
/// <param name="Text">A few words.</param>
/// <param name="Description">More, in Markdown; null for nothing.</param>
public sealed record RouteSummary(string Text, string? Description = null)
{
    /// <summary>The few words.</summary>
    public override string ToString() => Text;
}

/// <summary>A group of operations that a route belongs to. Immutable; any thread.</summary>
/// <param name="Name">The name of the group.</param>
public sealed record RouteTag(string Name)
{
    /// <summary>A short text: <c>tag todos</c>.</summary>
    public override string ToString() => $"tag {Name}";
}

/// <summary>
/// What a client must present. Several of one route are alternatives. Immutable; any thread.
/// </summary>
/// <param name="Scheme">
/// The name of a scheme, by which the document describes it; null for nothing at all.
/// </param>
/// <param name="Scopes">The scopes or roles that are needed.</param>
public sealed record RouteSecurity(string? Scheme, IReadOnlyList<string> Scopes)
{
    /// <summary>A short text: <c>security bearer</c>.</summary>
    public override string ToString() => $"security {Scheme ?? "none"}";
}

/// <summary>Marks a route that clients should no longer use. Any thread.</summary>
public sealed record RouteDeprecation
{
    /// <summary>A short text: <c>deprecated</c>.</summary>
    public override string ToString() => "deprecated";
}

/// <summary>Marks a route that documents leave out. Any thread.</summary>
public sealed record RouteOmission
{
    /// <summary>A short text: <c>undocumented</c>.</summary>
    public override string ToString() => "undocumented";
}
