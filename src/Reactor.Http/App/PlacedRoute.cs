namespace Reactor.Http;

/// <summary>A method and a full pattern of a route, and what serves them.</summary>
/// <param name="Host">The host, or null for any.</param>
/// <param name="Method">The method, or <c>*</c>.</param>
/// <param name="Pattern">The pattern, with all prefixes.</param>
/// <param name="Endpoint">What serves them.</param>
internal readonly record struct PlacedRoute(
    string? Host, string Method, string Pattern, Endpoint Endpoint);

/// <summary>
/// An application, and what serves the requests below its prefix that no route matches. The
/// deepest one that matches does; of equal ones the first, which is around the others.
/// </summary>
/// <param name="Host">The host, or null for any.</param>
/// <param name="Prefix">The full prefix, a pattern; may be empty.</param>
/// <param name="Endpoints">What serves them.</param>
internal readonly record struct PlacedScope(
    string? Host, string Prefix, GeneratedEndpoints Endpoints);
