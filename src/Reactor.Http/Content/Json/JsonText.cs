using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Reactor.Http;

/// <summary>
/// Reads a value from JSON of a client: strictly, and with errors that may be shown to it.
/// </summary>
/// <remarks>Pure but for a cache of metadata; any thread.</remarks>
internal static class JsonText
{
    // The policies are in the options of the metadata, so each needs metadata of its own, made once
    // from the same resolver. Weak, because a program may unload the assembly of its types.
    private static readonly ConditionalWeakTable<JsonTypeInfo, ConcurrentDictionary<Key, Strict>>
        s_strict = [];

    /// <summary>Reads one value.</summary>
    /// <param name="text">The JSON, in UTF-8.</param>
    /// <param name="metadata">The metadata of the program.</param>
    /// <param name="limits">Its depth and names are checked here.</param>
    /// <param name="subject">What the text is, for the error: <c>The content</c>.</param>
    /// <exception cref="HttpException">400: the text is not such JSON, or null.</exception>
    public static T Read<T>(
        ReadOnlySpan<byte> text, JsonTypeInfo<T> metadata, JsonLimits limits, string subject)
    {
        JsonTypeInfo<T> strict = StrictOf(metadata, limits);
        try
        {
            return JsonSerializer.Deserialize(text, strict)
                ?? throw HttpException.BadRequest($"{subject} is null.");
        }
        catch (JsonException error)
        {
            string path = JsonPath.Known(error.Path, metadata);
            string place = error is { LineNumber: { } line, BytePositionInLine: { } octet }
                ? $" (line {line + 1}, byte {octet + 1})"
                : "";
            throw new HttpException(
                400, $"{subject} is not the expected JSON at {path}{place}.", error);
        }
        catch (NotSupportedException error)
        {
            // So an abstract type without its discriminator ends, which a client may leave out. A
            // type that cannot be read at all, an error of the program, is 400 with it: its first
            // test shows that, while a 500 for each such request would let clients fill the log.
            throw new HttpException(400, $"{subject} is not the expected JSON.", error);
        }
    }

    private static JsonTypeInfo<T> StrictOf<T>(JsonTypeInfo<T> metadata, JsonLimits limits)
    {
        var key = new Key(limits.DepthMax ?? 0, limits.AllowsDuplicateNames);
        ConcurrentDictionary<Key, Strict> made = s_strict.GetOrCreateValue(metadata);
        if (!made.TryGetValue(key, out Strict strict))
        {
            strict = made.GetOrAdd(key, new Strict(Make(metadata, key)));
        }

        return (JsonTypeInfo<T>)strict.Metadata;
    }

    private static JsonTypeInfo Make(JsonTypeInfo metadata, Key key)
    {
        JsonSerializerOptions given = metadata.Options;
        if (!given.TryGetTypeInfo(metadata.Type, out JsonTypeInfo? own)
            || !ReferenceEquals(own, metadata))
        {
            return metadata; // made by hand: its options have no other for the type
        }

        var options = new JsonSerializerOptions(given)
        {
            AllowDuplicateProperties = key.AllowsDuplicateNames,
        };
        options.MaxDepth = key.DepthMax > 0 ? key.DepthMax : options.MaxDepth;
        return options.GetTypeInfo(metadata.Type);
    }

    private readonly record struct Key(int DepthMax, bool AllowsDuplicateNames);

    private readonly record struct Strict(JsonTypeInfo Metadata);
}
