using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace Reactor.Http;

/// <summary>
/// Says where JSON is wrong in words of the program: names of its metadata and indices. A name that
/// the client made, such as a key of a dictionary, becomes an asterisk, because responses repeat no
/// byte of a request.
/// </summary>
/// <remarks>Pure; any thread.</remarks>
internal static class JsonPath
{
    /// <summary>The known part of a path of the serializer, <c>$.items[2].name</c>.</summary>
    public static string Known(string? path, JsonTypeInfo root)
    {
        var known = new StringBuilder("$");
        JsonTypeInfo? at = root;
        ReadOnlySpan<char> rest = path is ['$', ..] ? path.AsSpan(1) : default;
        while (!rest.IsEmpty)
        {
            if (TryTakeIndex(ref rest, out ReadOnlySpan<char> index))
            {
                known.Append(index);
                at = Of(at?.ElementType, at);
            }
            else if (TryTakeProperty(ref rest, at) is { } property)
            {
                known.Append('.').Append(property.Name);
                at = Of(property.PropertyType, at);
            }
            else
            {
                return known.Append(".*").ToString();
            }
        }

        return known.ToString();
    }

    private static JsonTypeInfo? Of(Type? type, JsonTypeInfo? holder) =>
        type is not null && holder!.Options.TryGetTypeInfo(type, out JsonTypeInfo? found)
            ? found
            : null;

    // "[12]"; a key in brackets is quoted.
    private static bool TryTakeIndex(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> index)
    {
        int end = rest.IndexOf(']');
        index = rest is ['[', ..] && end > 1 && rest[1..end].IndexOfAnyExceptInRange('0', '9') < 0
            ? rest[..(end + 1)]
            : default;
        rest = rest[index.Length..];
        return !index.IsEmpty;
    }

    // ".name" or "['a name']".
    private static JsonPropertyInfo? TryTakeProperty(
        ref ReadOnlySpan<char> rest, JsonTypeInfo? type)
    {
        if (type?.Kind != JsonTypeInfoKind.Object)
        {
            return null;
        }

        bool isQuoted = rest is ['[', '\'', ..];
        ReadOnlySpan<char> text = isQuoted ? rest[2..] : rest[1..];
        foreach (JsonPropertyInfo property in type.Properties)
        {
            int length = property.Name.Length;
            if (!text.StartsWith(property.Name, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            ReadOnlySpan<char> after = text[length..];
            if (isQuoted ? after is ['\'', ']', ..] : after is [] or ['.' or '[', ..])
            {
                rest = isQuoted ? after[2..] : after;
                return property;
            }
        }

        return null;
    }
}
