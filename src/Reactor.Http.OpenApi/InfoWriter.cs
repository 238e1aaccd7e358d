using System.Text.Json.Nodes;

namespace Reactor.Http.OpenApi;

/// <summary>Writes the parts of a document that belong to no single path. Pure.</summary>
internal static class InfoWriter
{
    public static JsonObject Info(OpenApiInfo info)
    {
        var written = new JsonObject { ["title"] = info.Title };
        written.AddText("summary", info.Summary);
        written.AddText("description", info.Description);
        written.AddText("termsOfService", info.TermsOfService);
        if (info.Contact is { } contact)
        {
            var person = new JsonObject { ["name"] = contact.Name };
            person.AddText("url", contact.Url);
            person.AddText("email", contact.Email);
            written.Add("contact", person);
        }

        if (info.License is { } license)
        {
            if (license is { Identifier: not null, Url: not null })
            {
                throw new InvalidOperationException(
                    "OpenApiInfo.License has an identifier and a URL, of which only one is valid.");
            }

            var text = new JsonObject { ["name"] = license.Name };
            text.AddText("identifier", license.Identifier);
            text.AddText("url", license.Url);
            written.Add("license", text);
        }

        written.Add("version", info.Version);
        return written;
    }

    public static JsonArray Servers(OpenApiInfo info) =>
        [.. info.Servers.Select(JsonNode (url) => new JsonObject { ["url"] = url })];

    /// <summary>Empty if no credentials are demanded: then it is said, not left open.</summary>
    public static JsonArray Security(OpenApiInfo info) =>
    [
        .. info.Security.Select(JsonNode (scheme) => info.SecuritySchemes.ContainsKey(scheme)
            ? new JsonObject { [scheme] = new JsonArray() }
            : throw new InvalidOperationException(
                $"OpenApiInfo.Security names the scheme '{scheme}', which "
                + "OpenApiInfo.SecuritySchemes does not have.")),
    ];

    /// <summary>The tags of the routes in their order, then those that are only listed.</summary>
    public static JsonArray Tags(OpenApiInfo info, List<PlacedPath> paths)
    {
        IEnumerable<string> used =
            from path in paths
            from operation in path.Operations
            from tag in operation.Route.Metadata.OfType<RouteTag>()
            select tag.Name;
        return
        [
            .. used.Concat(info.Tags.Keys.Order(StringComparer.Ordinal)).Distinct()
                .Select(JsonNode (name) =>
                {
                    var tag = new JsonObject { ["name"] = name };
                    tag.AddText("description", info.Tags.GetValueOrDefault(name));
                    return tag;
                }),
        ];
    }

    public static JsonObject Components(
        OpenApiInfo info, SchemaSet schemas, ErrorResponses errors)
    {
        JsonObject responses = errors.Write(schemas);
        var components = new JsonObject();
        AddIfAny(components, "schemas", Sorted(schemas.Components, schema => schema));
        AddIfAny(components, "responses", responses);
        AddIfAny(components, "securitySchemes", Sorted(
            info.SecuritySchemes, scheme => (JsonObject)scheme.Members.DeepClone()));
        return components;
    }

    private static JsonObject Sorted<T>(
        IEnumerable<KeyValuePair<string, T>> items, Func<T, JsonObject> write) =>
        new(items.OrderBy(item => item.Key, StringComparer.Ordinal)
            .Select(item => KeyValuePair.Create(item.Key, (JsonNode?)write(item.Value))));

    private static void AddIfAny(JsonObject target, string name, JsonObject members)
    {
        if (members.Count > 0)
        {
            target.Add(name, members);
        }
    }
}
