using System.Globalization;
using System.Text.Json.Nodes;

namespace Reactor.Http.OpenApi;

/// <summary>Writes the Operation Object of a route, from its metadata.</summary>
internal sealed class OperationWriter(OpenApiInfo info, SchemaSet schemas, ErrorResponses errors)
{
    private const string TailDescription =
        "The rest of the path. It may be empty and may have slashes.";

    /// <exception cref="InvalidOperationException">The metadata contradicts itself.</exception>
    public JsonObject Write(PlacedPath path, PlacedOperation placed)
    {
        Route route = placed.Route;
        var operation = new JsonObject();
        string[] tags = [.. Of<RouteTag>(route).Select(tag => tag.Name).Distinct()];
        if (tags.Length > 0)
        {
            operation.Add("tags", Texts.ArrayOf(tags));
        }

        RouteSummary? summary = Of<RouteSummary>(route).LastOrDefault();
        operation.AddText(
            "summary", summary?.Text ?? $"{placed.Method.ToUpperInvariant()} {path.Template}");
        operation.AddText("description", Describe(summary?.Description, placed.Hidden));
        operation.AddText("operationId", placed.Id);
        JsonArray parameters =
            [.. PathParameters(path, route).Concat(OtherParameters(route))];
        if (parameters.Count > 0)
        {
            operation.Add("parameters", parameters);
        }

        RouteBody[] bodies = [.. Of<RouteBody>(route)];
        if (bodies.Length > 0)
        {
            operation.Add("requestBody", RequestBody(bodies));
        }

        operation.Add("responses", Responses(route));
        if (Of<RouteDeprecation>(route).Any())
        {
            operation.Add("deprecated", true);
        }

        if (Security(route) is { } security)
        {
            operation.Add("security", security);
        }

        return operation;
    }

    private static IEnumerable<T> Of<T>(Route route) => route.Metadata.OfType<T>();

    private static string? Describe(string? description, List<Route> hidden)
    {
        if (hidden.Count == 0)
        {
            return description;
        }

        string others = string.Join(", ", hidden.Select(route => $"`{route}`"));
        return (description is null ? "" : description + "\n\n")
            + $"Another route serves this path for other values or hosts: {others}.";
    }

    // By the names of the path, which are those of its first route.
    private static IEnumerable<JsonNode> PathParameters(PlacedPath path, Route route)
    {
        RouteParameter[] described =
            [.. Of<RouteParameter>(route).Where(one => one.Place == RouteParameterPlace.Path)];
        IReadOnlyList<PathParameter> captured = route.Parameters;
        if (Array.Find(described, one => captured.All(own => own.Name != one.Name)) is { } unknown)
        {
            throw new InvalidOperationException(
                $"The route '{route}' has no parameter '{unknown.Name}' to describe.");
        }

        for (int i = 0; i < captured.Count; i++)
        {
            PathParameter own = captured[i];
            var parameter = new JsonObject
            {
                ["name"] = path.Names[i],
                ["in"] = Texts.Of(RouteParameterPlace.Path),
            };
            parameter.AddText(
                "description",
                Array.FindLast(described, one => one.Name == own.Name)?.Description
                    ?? (own.IsTail ? TailDescription : null));
            parameter.Add("required", true);
            parameter.Add("schema", ValueSchemas.Of(own));
            yield return parameter;
        }
    }

    // The last description of a name counts: a list has a name and a place only once.
    private static IEnumerable<JsonNode> OtherParameters(Route route) =>
        from one in Of<RouteParameter>(route)
        where one.Place != RouteParameterPlace.Path
        group one by (one.Place, NameOf(one)) into same
        select (JsonNode)Parameter(same.Last());

    // Names of fields are without case (RFC 9110 5.1).
    private static string NameOf(RouteParameter one) => one.Place == RouteParameterPlace.Header
        ? one.Name.ToUpperInvariant()
        : one.Name;

    private static JsonObject Parameter(RouteParameter own)
    {
        var parameter = new JsonObject
        {
            ["name"] = own.Name,
            ["in"] = Texts.Of(own.Place),
        };
        parameter.AddText("description", own.Description);
        if (own.IsRequired)
        {
            parameter.Add("required", true);
        }

        parameter.Add("schema", ValueSchemas.Of(own));
        return parameter;
    }

    private JsonObject RequestBody(RouteBody[] bodies)
    {
        var content = new JsonObject();
        foreach (RouteBody body in bodies)
        {
            AddContent(content, body.ContentType, body.Type is null ? null : schemas.Of(body.Type));
        }

        var requestBody = new JsonObject();
        requestBody.AddText(
            "description",
            Array.FindLast(bodies, body => body.Description is not null)?.Description);
        requestBody.Add("content", content);
        if (Array.TrueForAll(bodies, body => body.IsRequired))
        {
            requestBody.Add("required", true);
        }

        return requestBody;
    }

    private JsonObject Responses(Route route)
    {
        var responses = new JsonObject();
        RouteResponse[] own = [.. Of<RouteResponse>(route)];
        if (!Array.Exists(own, response => response.Status < 400))
        {
            responses.Add("2XX", new JsonObject { ["description"] = "Success" });
        }

        foreach (IGrouping<int, RouteResponse> same in
            own.GroupBy(response => response.Status).OrderBy(same => same.Key))
        {
            var response = new JsonObject
            {
                ["description"] = same.LastOrDefault(one => one.Description is not null)
                    ?.Description ?? Texts.PhraseOf(same.Key),
            };
            var content = new JsonObject();
            foreach (RouteResponse one in same.Where(one => one.ContentType is not null))
            {
                AddContent(
                    content, one.ContentType!, one.Type is null ? null : schemas.Of(one.Type));
            }

            if (content.Count > 0)
            {
                response.Add("content", content);
            }

            responses.Add(same.Key.ToString(CultureInfo.InvariantCulture), response);
        }

        responses.Add("4XX", errors.For(route));
        responses.Add("default", errors.For(route));
        return responses;
    }

    // Two schemas of one type of content are alternatives, and no schema is any content.
    private static void AddContent(JsonObject content, string type, JsonObject? schema)
    {
        if (content[type] is not JsonObject media)
        {
            content.Add(type, schema is null ? [] : new JsonObject { ["schema"] = schema });
        }
        else if (schema is null || media["schema"] is not JsonObject first)
        {
            media.Remove("schema");
        }
        else if (!JsonNode.DeepEquals(first, schema))
        {
            media["schema"] = new JsonObject
            {
                ["anyOf"] = new JsonArray(first.DeepClone(), schema),
            };
        }
    }

    private JsonArray? Security(Route route)
    {
        RouteSecurity[] own = [.. Of<RouteSecurity>(route)];
        if (own.Length == 0)
        {
            return null;
        }

        var security = new JsonArray();
        foreach (RouteSecurity one in own)
        {
            if (one.Scheme is not { } scheme)
            {
                if (own.Length > 1)
                {
                    security.Add((JsonNode)new JsonObject()); // credentials are optional
                }

                continue;
            }

            if (!info.SecuritySchemes.ContainsKey(scheme))
            {
                throw new InvalidOperationException(
                    $"The route '{route}' names the security scheme '{scheme}', which "
                    + "OpenApiInfo.SecuritySchemes does not have.");
            }

            security.Add((JsonNode)new JsonObject { [scheme] = Texts.ArrayOf(one.Scopes) });
        }

        return security;
    }
}
