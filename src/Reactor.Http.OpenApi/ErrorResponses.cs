using System.Text.Json.Nodes;

namespace Reactor.Http.OpenApi;

/// <summary>
/// The responses that the server generates: problem details, text or HTML by Accept (RFC 9457), or
/// the page of the application, of which only that it exists is known.
/// </summary>
internal sealed class ErrorResponses
{
    private const string Problem = "Problem";
    private const string Page = "ErrorPage";

    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>A reference to the response to an error of a route.</summary>
    public JsonObject For(Route route)
    {
        string name = HasPage(route.Application) ? Page : Problem;
        _used.Add(name);
        return new JsonObject { ["$ref"] = $"#/components/responses/{name}" };
    }

    /// <summary>The components that were referred to. Called last.</summary>
    public JsonObject Write(SchemaSet schemas)
    {
        var responses = new JsonObject();
        foreach (string name in _used)
        {
            var response = new JsonObject { ["description"] = "Error" };
            if (name == Problem)
            {
                JsonObject text = new() { ["schema"] = new JsonObject { ["type"] = "string" } };
                response.Add("content", new JsonObject
                {
                    ["application/problem+json"] = new JsonObject
                    {
                        ["schema"] = schemas.Add(Problem, Schema()),
                    },
                    ["text/html"] = text.DeepClone(),
                    ["text/plain"] = text,
                });
            }

            responses.Add(name, response);
        }

        return responses;
    }

    private static bool HasPage(Application? application) =>
        application is not null && (application.ErrorPage is not null
            || HasPage(application.Parent));

    private static JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["description"] = "Problem details (RFC 9457).",
        ["properties"] = new JsonObject
        {
            ["type"] = new JsonObject { ["type"] = "string", ["format"] = "uri-reference" },
            ["title"] = new JsonObject { ["type"] = "string" },
            ["status"] = new JsonObject
            {
                ["type"] = "integer",
                ["format"] = "int32",
                ["minimum"] = 400,
                ["maximum"] = 599,
            },
            ["detail"] = new JsonObject { ["type"] = "string" },
            ["errors"] = new JsonObject
            {
                ["type"] = "object",
                ["description"] = "Messages by the name of the field that they are about.",
                ["additionalProperties"] = new JsonObject
                {
                    ["type"] = "array",
                    ["items"] = new JsonObject { ["type"] = "string" },
                },
            },
        },
        ["required"] = Texts.ArrayOf(["type", "title", "status"]),
    };
}
