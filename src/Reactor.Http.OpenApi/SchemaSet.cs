using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Reactor.Http.OpenApi;

/// <summary>
/// The schemas of the types of a document. Objects, enumerations by name and own types of
/// collections are components, by name; everything else stands where it is used.
/// </summary>
/// <remarks>
/// The exporter of .NET writes a type once and then points to it by place, such as
/// <c>#/properties/next</c>. A place means nothing in a document of many schemas, so each component
/// is exported by itself, and what is exported below it is replaced by the name of its component.
/// </remarks>
internal sealed class SchemaSet
{
    private const string Reference = "$ref";
    private const string Mark = "\0node"; // no name of JSON Schema has a NUL

    // The schema as it was exported: equal ones of one name are one component, although they come
    // from two sets of options.
    private readonly Dictionary<(string Name, string Exported, Type? Derived), string> _names = [];
    private readonly SortedDictionary<string, JsonObject> _components =
        new(StringComparer.Ordinal);

    /// <summary>The components, by name.</summary>
    public IReadOnlyDictionary<string, JsonObject> Components => _components;

    /// <summary>The schema of a content: a reference if its type is a component.</summary>
    public JsonObject Of(JsonTypeInfo type)
    {
        type = Underlying(type) ?? type; // null is no content, and as a result it is 404
        return IsComponent(type, Export(type, marks: null)) ? ReferenceTo(Add(type)) : Body(type);
    }

    /// <summary>Adds a component that comes from no type, and returns a reference to it.</summary>
    public JsonObject Add(string name, JsonObject schema)
    {
        string free = SchemaNames.Free(name, _components.ContainsKey);
        _components.Add(free, schema);
        return ReferenceTo(free);
    }

    private static JsonObject ReferenceTo(string name) =>
        new() { [Reference] = $"#/components/schemas/{name}" };

    private string Add(JsonTypeInfo type)
    {
        string wanted = SchemaNames.Of(type.Type);
        (string, string, Type?) key = (wanted, Export(type, marks: null).ToJsonString(), null);
        if (_names.TryGetValue(key, out string? known))
        {
            return known;
        }

        string name = SchemaNames.Free(wanted, _components.ContainsKey);
        _names.Add(key, name);
        _components.Add(name, []); // taken, and known to what it refers to
        _components[name] = Body(type);
        return name;
    }

    private JsonObject Body(JsonTypeInfo type)
    {
        List<JsonSchemaExporterContext> marks = [];
        JsonNode root = Export(type, marks);
        var walk = new SchemaWalk(root, marks);
        JsonObject schema = Plain(root, walk, isRoot: true);
        if (type.PolymorphismOptions is { } polymorphism && schema["anyOf"] is JsonArray anyOf)
        {
            Discriminate(schema, anyOf, polymorphism);
        }

        return schema;
    }

    // A copy of an exported node in which every type is either written out or a reference.
    private JsonObject Plain(JsonNode node, SchemaWalk walk, bool isRoot = false)
    {
        JsonObject exported = Members(node);
        JsonSchemaExporterContext? context = walk.ContextOf(exported);
        JsonObject target = walk.Resolve(exported);
        if (!isRoot && context is { } known)
        {
            JsonTypeInfo? type = Underlying(known.TypeInfo);
            if (known.BaseTypeInfo is { } around && known.PropertyInfo is null)
            {
                return Derived(around, known, target, walk);
            }

            if (type is not null && IsComponent(type, target))
            {
                JsonObject schema = WithNull(ReferenceTo(Add(type)), target);
                // The default of a property stays with the property.
                if (exported.TryGetPropertyValue("default", out JsonNode? value))
                {
                    schema["default"] = value?.DeepClone();
                }

                return SchemaDetails.Describe(schema, known, isReference: true);
            }
        }

        JsonObject copy = Copy(target, walk);
        if (context is { } own)
        {
            SchemaDetails.AddTo(copy, own.TypeInfo.Type);
            SchemaDetails.Describe(copy, own);
        }

        return copy;
    }

    // "true" accepts everything and "false" nothing; tools expect objects.
    private static JsonObject Members(JsonNode schema) => schema as JsonObject
        ?? (schema.GetValue<bool>() ? [] : new() { ["not"] = new JsonObject() });

    private JsonObject Copy(JsonObject target, SchemaWalk walk)
    {
        using SchemaWalk.Visit visit = walk.Enter(target);
        var copy = new JsonObject();
        foreach ((string name, JsonNode? value) in target)
        {
            switch (name)
            {
                case Mark:
                    break;
                case "properties":
                    copy.Add(name, new JsonObject(((JsonObject)value!).Select(
                        pair => KeyValuePair.Create(
                            pair.Key, (JsonNode?)Plain(pair.Value!, walk)))));
                    break;
                case "anyOf":
                    copy.Add(name, new JsonArray(
                        [.. ((JsonArray)value!).Select(item => Plain(item!, walk))]));
                    break;
                case "required":
                    string[] required = [.. SchemaDetails.Required(
                        (JsonArray)value!, walk.ContextOf(target)?.TypeInfo)];
                    if (required.Length > 0)
                    {
                        copy.Add(name, Texts.ArrayOf(required));
                    }

                    break;
                case "items":
                case "not":
                case "additionalProperties" when value is JsonObject:
                    copy.Add(name, Plain(value!, walk));
                    break;
                default:
                    copy.Add(name, value?.DeepClone());
                    break;
            }
        }

        return copy;
    }

    // A type below a polymorphic one has its discriminator, so it is a component of its own.
    private JsonObject Derived(
        JsonTypeInfo around, JsonSchemaExporterContext context, JsonObject target,
        SchemaWalk walk)
    {
        string wanted = SchemaNames.Of(around.Type) + SchemaNames.Of(context.TypeInfo.Type);
        (string, string, Type?) key = (
            wanted, Export(around, marks: null).ToJsonString(), context.TypeInfo.Type);
        if (_names.TryGetValue(key, out string? known))
        {
            return ReferenceTo(known);
        }

        string name = SchemaNames.Free(wanted, _components.ContainsKey);
        _names.Add(key, name);
        _components.Add(name, []);
        JsonObject schema = Copy(target, walk);
        _components[name] = SchemaDetails.Describe(
            SchemaDetails.AsDerived(schema, around.PolymorphismOptions), context);
        return ReferenceTo(name);
    }

    private static void Discriminate(
        JsonObject schema, JsonArray anyOf, JsonPolymorphismOptions polymorphism)
    {
        var mapping = new JsonObject();
        for (int i = 0; i < polymorphism.DerivedTypes.Count && i < anyOf.Count; i++)
        {
            if (polymorphism.DerivedTypes[i].TypeDiscriminator is { } value
                && anyOf[i]?[Reference] is { } reference)
            {
                mapping[string.Create(CultureInfo.InvariantCulture, $"{value}")] =
                    reference.DeepClone();
            }
        }

        if (mapping.Count == anyOf.Count)
        {
            schema["discriminator"] = new JsonObject
            {
                ["propertyName"] = polymorphism.TypeDiscriminatorPropertyName,
                ["mapping"] = mapping,
            };
        }
    }

    private static JsonNode Export(JsonTypeInfo type, List<JsonSchemaExporterContext>? marks) =>
        type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true, // neither content nor result is null
            TransformSchemaNode = (context, node) =>
            {
                JsonObject schema = Members(node);
                if (marks is null)
                {
                    // Types that only their descriptions tell apart are two components.
                    return SchemaDetails.Describe(schema, context);
                }

                schema[Mark] = marks.Count;
                marks.Add(context);
                return schema;
            },
        });

    // Null if the options have no type to export by itself: it is then written out.
    private static JsonTypeInfo? Underlying(JsonTypeInfo type) =>
        Nullable.GetUnderlyingType(type.Type) is not { } underlying ? type
        : type.Options.TryGetTypeInfo(underlying, out JsonTypeInfo? found) ? found
        : null;

    private static bool IsComponent(JsonTypeInfo type, JsonNode exported) =>
        Nullable.GetUnderlyingType(type.Type) is null && type.Kind switch
        {
            JsonTypeInfoKind.Object => true,
            // A collection of the program may contain itself.
            JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary =>
                !type.Type.IsArray
                && !$"{type.Type.Namespace}.".StartsWith("System.", StringComparison.Ordinal),
            _ => type.Type.IsEnum && exported is JsonObject schema && schema.ContainsKey("enum"),
        };

    private static JsonObject WithNull(JsonObject reference, JsonObject target) =>
        SchemaDetails.AllowsNull(target)
            ? new() { ["anyOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) }
            : reference;

    /// <summary>The nodes of one export, by their marks.</summary>
    private sealed class SchemaWalk(JsonNode root, List<JsonSchemaExporterContext> marks)
    {
        private readonly HashSet<JsonObject> _entered = [];

        public JsonSchemaExporterContext? ContextOf(JsonObject node) =>
            node.TryGetPropertyValue(Mark, out JsonNode? mark)
                ? marks[mark!.GetValue<int>()]
                : null;

        /// <summary>The node that a place points to; the node itself if it is no pointer.</summary>
        public JsonObject Resolve(JsonObject node)
        {
            while (node.TryGetPropertyValue(Reference, out JsonNode? place))
            {
                JsonNode at = root;
                foreach (string step in place!.GetValue<string>().Split('/').Skip(1))
                {
                    // RFC 6901 4; the fragment of a URI may also be escaped by percent signs.
                    string name = Uri.UnescapeDataString(step)
                        .Replace("~1", "/", StringComparison.Ordinal)
                        .Replace("~0", "~", StringComparison.Ordinal);
                    at = at is JsonArray array
                        ? array[int.Parse(name, CultureInfo.InvariantCulture)]!
                        : at[name]!;
                }

                node = (JsonObject)at;
            }

            return node;
        }

        /// <exception cref="NotSupportedException">A collection contains itself.</exception>
        public Visit Enter(JsonObject node) => _entered.Add(node)
            ? new Visit(_entered, node)
            : throw new NotSupportedException(
                "A collection of the framework contains itself, so it has no finite schema: give "
                + "it a type of its own.");

        public readonly struct Visit(HashSet<JsonObject> entered, JsonObject node) : IDisposable
        {
            public void Dispose() => entered.Remove(node);
        }
    }
}
