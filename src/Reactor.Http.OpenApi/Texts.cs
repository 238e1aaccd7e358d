using System.Globalization;
using System.Text.Json.Nodes;
using Reactor.Http.Protocol;

namespace Reactor.Http.OpenApi;

/// <summary>Words of OpenAPI and of HTTP, and members that may be missing. Pure.</summary>
internal static class Texts
{
    /// <summary>The value of <c>in</c>.</summary>
    public static string Of(RouteParameterPlace place) => place switch
    {
        RouteParameterPlace.Path => "path",
        RouteParameterPlace.Query => "query",
        RouteParameterPlace.Header => "header",
        _ => "cookie",
    };

    /// <summary>The phrase of a status, which every response needs as its description.</summary>
    public static string PhraseOf(int status) => ReasonPhrases.Get(status) is { Length: > 0 } phrase
        ? phrase
        : status.ToString(CultureInfo.InvariantCulture);

    /// <summary>Adds a member unless the text is null.</summary>
    public static void AddText(this JsonObject target, string name, string? text)
    {
        if (text is not null)
        {
            target.Add(name, JsonValue.Create(text));
        }
    }

    // Of JsonNode: JsonArray.Add of another type is generic, and not for trimmed programs.
    public static JsonArray ArrayOf(IEnumerable<string> texts) =>
        [.. texts.Select(JsonNode? (text) => JsonValue.Create(text))];
}
