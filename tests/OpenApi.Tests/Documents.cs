using System.Text.Json.Nodes;
using Reactor.Http;
using Reactor.Http.OpenApi;
using Reactor.Http.Testing;

namespace OpenApi.Tests;

/// <summary>Short documents of a few routes, and requests to their applications.</summary>
internal static class Documents
{
    public static OpenApiInfo Info { get; } = new("Test", "1");

    /// <summary>The document of an application with these routes.</summary>
    public static OpenApiDocument Of(Action<Application> addRoutes, OpenApiInfo? info = null)
    {
        var app = new Application();
        addRoutes(app);
        return OpenApiDocument.Create(app, info ?? Info);
    }

    /// <summary>The keys of an object in their order; none of an object that is missing.</summary>
    public static IEnumerable<string> Keys(this JsonNode? node) =>
        node is JsonObject members ? members.Select(member => member.Key) : [];

    /// <summary>The operations as <c>get /path</c>, in their order.</summary>
    public static string[] Operations(this OpenApiDocument document) =>
    [
        .. from path in (JsonObject)document.Root["paths"]!
           from method in path.Value.Keys()
           where method != "servers"
           select $"{method} {path.Key}",
    ];

    /// <summary>An operation; the method is in lower case.</summary>
    public static JsonNode Operation(
        this OpenApiDocument document, string path, string method = "get") =>
        document.Root["paths"]![path]![method]!;

    /// <summary>The order of members does not matter.</summary>
    public static void AssertJson(JsonNode? actual, string expected) => Assert.That(
        JsonNode.DeepEquals(actual, JsonNode.Parse(expected)), Is.True,
        $"{actual?.ToJsonString()}\nis not\n{expected}");

    /// <summary>Sends a request that prefers JSON, with JSON if there is a body.</summary>
    public static TestResponse Ask(
        this TestServer server, string method, string path, string? json = null,
        string contentType = "application/json")
    {
        var request = new ClientRequest(method, path)
        {
            Content = json is null
                ? null
                : ClientContent.Bytes(System.Text.Encoding.UTF8.GetBytes(json), contentType),
        };
        request.Headers.Set("Accept", "application/json");
        return server.CreateClient().Send(request);
    }
}
