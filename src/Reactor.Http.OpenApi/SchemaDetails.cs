using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Reactor.Http.OpenApi;

/// <summary>What the exporter of .NET leaves out of a schema, and questions on one. Pure.</summary>
internal static class SchemaDetails
{
    /// <summary>Formats of numbers and times, the encoding of bytes, the type of names.</summary>
    public static void AddTo(JsonObject schema, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (schema.ContainsKey("type") && ValueSchemas.NumberFormatOf(type) is { } format)
        {
            schema["format"] = format;
        }
        else if (schema.ContainsKey("type")
            && (type == typeof(byte[]) || type == typeof(Memory<byte>)
                || type == typeof(ReadOnlyMemory<byte>)))
        {
            schema["contentEncoding"] = "base64";
        }
        else if (schema.ContainsKey("format") && type == typeof(TimeOnly))
        {
            schema["format"] = "time-local"; // "time" has an offset (RFC 3339)
        }
        else if (schema.ContainsKey("format") && type == typeof(Uri))
        {
            schema["format"] = "uri-reference"; // a relative one is read and written too
        }
        else if (type.IsEnum && !schema.ContainsKey("type") && schema["enum"] is JsonArray names)
        {
            schema.Insert(0, "type", names.Any(name => name is null)
                ? new JsonArray("string", "null")
                : "string");
        }
    }

    /// <summary>
    /// The properties that are always there: those that the metadata demands, and parameters that
    /// have no default and are not null; without those that the program may not write.
    /// </summary>
    public static IEnumerable<string> Required(JsonArray exported, JsonTypeInfo? type) =>
        from name in exported.Select(name => name!.GetValue<string>())
        let property = type?.Properties.FirstOrDefault(one => one.Name == name)
        where property is null || ((property.IsRequired || !IsNullable(property))
            && !MayBeLeftOut(property))
        select name;

    /// <summary>
    /// Adds the text of <see cref="DescriptionAttribute"/>: of the property, or of the parameter
    /// that sets it; else of the type, unless the schema refers to the type's own.
    /// </summary>
    public static JsonObject Describe(
        JsonObject schema, JsonSchemaExporterContext context, bool isReference = false)
    {
        JsonPropertyInfo? property = context.PropertyInfo;
        string? text = TextOf(property?.AttributeProvider)
            ?? TextOf(property?.AssociatedParameter?.AttributeProvider)
            ?? (isReference ? null : TextOf(context.TypeInfo.Type));
        if (text is not null)
        {
            schema.Insert(0, "description", text);
        }

        return schema;
    }

    /// <summary>Whether null is valid.</summary>
    public static bool AllowsNull(JsonObject schema) =>
        (schema["type"] is JsonArray types && types.Any(IsNull))
        || (schema["enum"] is JsonArray values && values.Any(value => value is null));

    /// <summary>The schema by itself of a type that stood below a polymorphic one.</summary>
    public static JsonObject AsDerived(JsonObject schema, JsonPolymorphismOptions? polymorphism)
    {
        schema.Remove("type");
        schema.Insert(0, "type", "object");
        string? name = polymorphism?.TypeDiscriminatorPropertyName;
        if (name is null || schema["properties"]?[name]?["const"] is null)
        {
            return schema;
        }

        var required = schema["required"] as JsonArray;
        if (required?.Any(item => item?.GetValue<string>() == name) != true)
        {
            schema["required"] = Texts.ArrayOf(
                (required ?? []).Select(item => item!.GetValue<string>()).Prepend(name));
        }

        return schema;
    }

    private static string? TextOf(ICustomAttributeProvider? attributed) =>
        First<DescriptionAttribute>(attributed)?.Description;

    private static T? First<T>(ICustomAttributeProvider? attributed)
        where T : Attribute =>
        attributed?.GetCustomAttributes(typeof(T), inherit: false) is [T first, ..] ? first : null;

    private static bool IsNullable(JsonPropertyInfo property) => property.PropertyType.IsValueType
        ? Nullable.GetUnderlyingType(property.PropertyType) is not null
        : property.IsSetNullable;

    private static bool MayBeLeftOut(JsonPropertyInfo property)
    {
        var own = First<JsonIgnoreAttribute>(property.AttributeProvider);
        return (own?.Condition ?? property.Options.DefaultIgnoreCondition) switch
        {
            JsonIgnoreCondition.WhenWritingDefault or JsonIgnoreCondition.WhenWriting => true,
            JsonIgnoreCondition.WhenWritingNull => IsNullable(property),
            _ => own is null && property.ShouldSerialize is not null, // of a modifier
        };
    }

    private static bool IsNull(JsonNode? type) =>
        type is JsonValue value && value.TryGetValue(out string? text) && text == "null";
}
