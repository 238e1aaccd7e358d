// What a document says that no route knows: the objects Info, Server, Tag and Security Scheme of
// OpenAPI 3.1.
using System.Text.Json.Nodes;

namespace Reactor.Http.OpenApi;

/// <summary>What a document says about the whole API. Immutable; any thread.</summary>
/// <param name="Title">The name of the API.</param>
/// <param name="Version">The version of the API, not of OpenAPI.</param>
public sealed record OpenApiInfo(string Title, string Version)
{
    /// <summary>A few words about the API.</summary>
    public string? Summary { get; init; }

    /// <summary>More about the API, in Markdown.</summary>
    public string? Description { get; init; }

    /// <summary>A URL of the terms of service.</summary>
    public string? TermsOfService { get; init; }

    /// <summary>The person or organisation that answers questions.</summary>
    public OpenApiContact? Contact { get; init; }

    /// <summary>The licence of the API.</summary>
    public OpenApiLicense? License { get; init; }

    /// <summary>
    /// URLs of the servers. Default: <c>/</c>, the server that the document comes from.
    /// </summary>
    public IReadOnlyList<string> Servers { get; init; } = ["/"];

    /// <summary>
    /// Descriptions of tags, by name; tags of routes that are missing here have none.
    /// </summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } =
        new Dictionary<string, string>();

    /// <summary>The schemes that <c>route.Secured</c> names, by name.</summary>
    public IReadOnlyDictionary<string, OpenApiSecurityScheme> SecuritySchemes { get; init; } =
        new Dictionary<string, OpenApiSecurityScheme>();

    /// <summary>
    /// The names of schemes that every route demands unless it says something else; any one of
    /// them suffices. Default: none.
    /// </summary>
    public IReadOnlyList<string> Security { get; init; } = [];

    /// <summary>
    /// Only the routes that serve this host, as a name without port; where one for the host and
    /// one for all hosts have the same path, the former. Default null: the routes of all hosts,
    /// each with its host as its server.
    /// </summary>
    public string? Host { get; init; }

    /// <summary>
    /// The port of the servers that are hosts of routes, for a service that is not at the port of
    /// its scheme. Default null: the URLs have none.
    /// </summary>
    public int? HostPort { get; init; }

    /// <summary>Changes the document before it is sent or written; null changes nothing.</summary>
    public Action<JsonObject>? Edit { get; init; }
}

/// <summary>The contact for questions about an API. Immutable; any thread.</summary>
/// <param name="Name">The name of a person or an organisation.</param>
/// <param name="Url">A page, or null.</param>
/// <param name="Email">An address, or null.</param>
public sealed record OpenApiContact(string Name, string? Url = null, string? Email = null);

/// <summary>The licence of an API. Immutable; any thread.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Identifier">Its SPDX expression, such as <c>MIT</c>; not with a URL.</param>
/// <param name="Url">Its text; not together with an identifier.</param>
public sealed record OpenApiLicense(string Name, string? Identifier = null, string? Url = null);

/// <summary>How a client presents credentials. Immutable; any thread.</summary>
public sealed record OpenApiSecurityScheme
{
    private OpenApiSecurityScheme(params ReadOnlySpan<(string Name, string? Value)> members)
    {
        foreach ((string name, string? value) in members)
        {
            Members.AddText(name, value);
        }
    }

    /// <summary>The members of the Security Scheme Object.</summary>
    internal JsonObject Members { get; } = [];

    /// <summary>Basic credentials (RFC 7617).</summary>
    /// <param name="description">A sentence for readers.</param>
    public static OpenApiSecurityScheme Basic(string? description = null) =>
        new(("type", "http"), ("scheme", "basic"), ("description", description));

    /// <summary>A bearer token (RFC 6750).</summary>
    /// <param name="format">A hint on its format, such as <c>JWT</c>.</param>
    /// <param name="description">A sentence for readers.</param>
    public static OpenApiSecurityScheme Bearer(
        string? format = null, string? description = null) => new(
            ("type", "http"), ("scheme", "bearer"), ("bearerFormat", format),
            ("description", description));

    /// <summary>A key in a header field, the query or a cookie.</summary>
    /// <param name="place">Where it is; not the path.</param>
    /// <param name="name">The name of the field, parameter or cookie.</param>
    /// <param name="description">A sentence for readers.</param>
    /// <exception cref="ArgumentException">The place is the path.</exception>
    public static OpenApiSecurityScheme ApiKey(
        RouteParameterPlace place, string name, string? description = null) =>
        place == RouteParameterPlace.Path
            ? throw new ArgumentException("A key is no part of the path.", nameof(place))
            : new(
                ("type", "apiKey"), ("name", name), ("in", Texts.Of(place)),
                ("description", description));
}
