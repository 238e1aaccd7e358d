using System.Globalization;
using System.Text.Json.Nodes;

namespace Reactor.Http.OpenApi;

/// <summary>
/// Writes the Path Item Object of a path. A route of a host has it as its server: of the path if
/// all its operations have the same, else of each operation.
/// </summary>
internal static class PathItems
{
    private const string Wildcard = "*.";

    public static JsonObject Write(PlacedPath path, OpenApiInfo info, OperationWriter writer)
    {
        var item = new JsonObject();
        string?[] hosts =
            [.. path.Operations.Select(operation => operation.Route.Host).Distinct()];
        bool isShared = hosts.Length == 1;
        if (info.Host is null && isShared && hosts[0] is { } only)
        {
            item.Add("servers", Servers(only, info.HostPort));
        }

        foreach (PlacedOperation placed in path.Operations)
        {
            JsonObject operation = writer.Write(path, placed);
            if (info.Host is null && !isShared && placed.Route.Host is { } own)
            {
                operation.Add("servers", Servers(own, info.HostPort));
            }

            item.Add(placed.Method, operation);
        }

        return item;
    }

    // Relative to the document, so of its scheme: the application may be behind a proxy with TLS.
    private static JsonArray Servers(string host, int? port)
    {
        string end = string.Create(
            CultureInfo.InvariantCulture, $"{(port is null ? "" : ":")}{port}");
        if (!host.StartsWith(Wildcard, StringComparison.Ordinal))
        {
            return [(JsonNode)new JsonObject { ["url"] = $"//{host}{end}" }];
        }

        var server = new JsonObject
        {
            ["url"] = $"//{{subdomain}}.{host[Wildcard.Length..]}{end}",
            ["variables"] = new JsonObject
            {
                ["subdomain"] = new JsonObject { ["default"] = "www" },
            },
        };
        return [(JsonNode)server];
    }
}
