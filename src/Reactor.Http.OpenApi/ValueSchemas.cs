using System.Text.Json.Nodes;

namespace Reactor.Http.OpenApi;

/// <summary>
/// Schemas of values that are text in a request: parameters of the path, the query, header fields
/// and cookies. The formats are those of the OpenAPI registry.
/// </summary>
internal static class ValueSchemas
{
    private const string LettersPattern = "^[A-Za-z]+$";

    private static readonly Dictionary<Type, (string Type, string? Format)> s_known = new()
    {
        [typeof(bool)] = ("boolean", null),
        [typeof(sbyte)] = ("integer", "int8"),
        [typeof(byte)] = ("integer", "uint8"),
        [typeof(short)] = ("integer", "int16"),
        [typeof(ushort)] = ("integer", "uint16"),
        [typeof(int)] = ("integer", "int32"),
        [typeof(uint)] = ("integer", "uint32"),
        [typeof(long)] = ("integer", "int64"),
        [typeof(ulong)] = ("integer", "uint64"),
        [typeof(Int128)] = ("integer", null),
        [typeof(UInt128)] = ("integer", null),
        [typeof(System.Numerics.BigInteger)] = ("integer", null),
        [typeof(float)] = ("number", "float"),
        [typeof(double)] = ("number", "double"),
        [typeof(decimal)] = ("number", "decimal"),
        [typeof(Guid)] = ("string", "uuid"),
        [typeof(DateOnly)] = ("string", "date"),
        [typeof(DateTimeOffset)] = ("string", "date-time"),
    };

    /// <summary>The format of a number in JSON; null for none.</summary>
    public static string? NumberFormatOf(Type type) =>
        s_known.TryGetValue(type, out (string Type, string? Format) known)
            && known.Type is "integer" or "number" ? known.Format : null;

    /// <summary>The schema of a value that a handler reads by <c>Get&lt;T&gt;</c>.</summary>
    public static JsonObject Of(RouteParameter parameter)
    {
        var schema = new JsonObject();
        (string type, string? format) = s_known.GetValueOrDefault(
            parameter.Type, ("string", null)); // a type that parses itself
        schema.AddText("type", type);
        schema.AddText("format", format);
        if (parameter.Names is { } names)
        {
            schema.Add("enum", Texts.ArrayOf(names));
        }

        return parameter.IsRepeated
            ? new JsonObject { ["type"] = "array", ["items"] = schema }
            : schema;
    }

    /// <summary>The schema of a parameter of the path, by its constraints.</summary>
    public static JsonObject Of(PathParameter parameter)
    {
        if (parameter.Kind == PathValueKind.Number)
        {
            return OfNumber(parameter.Least ?? long.MinValue, parameter.Most ?? long.MaxValue);
        }

        var schema = new JsonObject { ["type"] = "string" };
        switch (parameter.Kind)
        {
            case PathValueKind.Guid:
                schema.Add("format", "uuid");
                return schema;
            case PathValueKind.Letters:
                schema.Add("pattern", LettersPattern);
                break;
        }

        if (!parameter.IsTail && parameter.Least is { } least)
        {
            schema.Add("minLength", least);
        }

        if (parameter.Most is { } most)
        {
            schema.Add("maxLength", most);
        }

        return schema;
    }

    // The bounds of a format are not repeated.
    private static JsonObject OfNumber(long least, long most)
    {
        bool isInt = least >= int.MinValue && most <= int.MaxValue;
        var schema = new JsonObject
        {
            ["type"] = "integer",
            ["format"] = isInt ? "int32" : "int64",
        };
        if (least > (isInt ? int.MinValue : long.MinValue))
        {
            schema.Add("minimum", least);
        }

        if (most < (isInt ? int.MaxValue : long.MaxValue))
        {
            schema.Add("maximum", most);
        }

        return schema;
    }
}
