namespace Reactor.Http.OpenApi;

/// <summary>
/// Names of schemas, from the names of types: <c>Todo</c>, <c>PageOfTodo</c> for
/// <c>Page&lt;Todo&gt;</c>. Two different schemas never share a name: the second is <c>Todo2</c>.
/// </summary>
internal static class SchemaNames
{
    /// <summary>The name of a type without its namespace and its outer types.</summary>
    public static string Of(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Of(underlying);
        }

        if (type.IsArray)
        {
            return $"ArrayOf{Of(type.GetElementType()!)}";
        }

        int mark = type.Name.IndexOf('`', StringComparison.Ordinal);
        string name = Plain(mark < 0 ? type.Name : type.Name[..mark]);
        return type.IsGenericType
            ? $"{name}Of{string.Join("And", type.GetGenericArguments().Select(Of))}"
            : name;
    }

    /// <summary>The first of a name, name2, name3 … that is free.</summary>
    public static string Free(string name, Func<string, bool> isTaken)
    {
        string free = name;
        for (int i = 2; isTaken(free); i++)
        {
            free = $"{name}{i}";
        }

        return free;
    }

    // The key of a component has only these characters (OpenAPI 3.1, Components Object); a name of
    // C# may have other letters.
    private static string Plain(string name)
    {
        string plain = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return plain.Length == 0 ? "_" : plain;
    }
}
