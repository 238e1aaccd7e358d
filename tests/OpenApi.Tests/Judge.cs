using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Microsoft.OpenApi.Reader;
using Reactor.Testing;

namespace OpenApi.Tests;

/// <summary>
/// Foreign judges of a document: a reader, a linter, and a validator of bodies by their schemas.
/// </summary>
internal static class Judge
{
    private const string Rules = """
        extends:
          - recommended
        """;

    /// <summary>The package Microsoft.OpenApi.</summary>
    public static ReadResult Read(string json) =>
        Microsoft.OpenApi.OpenApiDocument.Parse(json, "json");

    /// <summary>The package @redocly/cli of npm, with its recommended rules.</summary>
    public static (int Code, string Output) Lint(string json)
    {
        string node = ExternalTool.Require("node", "nodejs");
        string modules = NpmPackage.Require("@redocly/cli", "2.77.0");
        string folder = Directory.CreateTempSubdirectory("openapi").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "openapi.json"), json);
            File.WriteAllText(Path.Combine(folder, "redocly.yaml"), Rules);
            var start = new ProcessStartInfo(
                node,
                [
                    Path.Combine(modules, "@redocly/cli/bin/cli.js"), "lint", "--format=json",
                    "openapi.json",
                ])
            {
                WorkingDirectory = folder,
            };
            start.Environment["REDOCLY_TELEMETRY"] = "off"; // a test asks no other host
            start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
            using ChildProcess child = ChildProcess.Start(start);
            (int code, string output, string errors) = child.Finish();
            return (code, output + errors);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// Whether a body is valid by a schema of a document, says the package JsonSchema.Net.
    /// </summary>
    /// <remarks>
    /// A document of JSON Schema 2020-12. The validator refuses every other keyword, so the only
    /// one that OpenAPI adds, which accepts and refuses nothing, is taken out.
    /// </remarks>
    public static bool IsValid(JsonObject root, JsonNode schema, string json)
    {
        var components = (JsonObject?)root["components"]?["schemas"]?.DeepClone() ?? [];
        foreach ((_, JsonNode? component) in components)
        {
            ((JsonObject)component!).Remove("discriminator");
        }

        var whole = (JsonObject)schema.DeepClone();
        whole["$defs"] = components;
        return JsonSchema.FromText(whole.ToJsonString().Replace(
                "#/components/schemas/", "#/$defs/", StringComparison.Ordinal))
            .Evaluate(
                JsonDocument.Parse(json).RootElement,
                new EvaluationOptions { RequireFormatValidation = true })
            .IsValid;
    }
}
