// Writes types as a reader of C# writes them: keywords for the built-in ones, `T[]`, `T?` for
// nullable values, tuples as their generic type. Nullable reference annotations are left out: they
// are no part of the binary surface, and reading them back by reflection would be a second
// compiler.

using System.Reflection;

namespace Repository.Tests.Api;

public static class TypeNames
{
    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint",
        [typeof(char)] = "char",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    public static string Of(Type type)
    {
        if (s_keywords.TryGetValue(type, out string? keyword))
        {
            return keyword;
        }
        if (type.IsArray)
        {
            string commas = new(',', type.GetArrayRank() - 1);
            return $"{Of(type.GetElementType()!)}[{commas}]";
        }
        if (type.IsPointer)
        {
            return Of(type.GetElementType()!) + "*";
        }
        if (type.IsByRef)
        {
            return Of(type.GetElementType()!);
        }
        return Nullable.GetUnderlyingType(type) is { } value ? Of(value) + "?" : Named(type);
    }

    /// <summary>The name with enclosing types and type parameters, without namespace.</summary>
    public static string Named(Type type)
    {
        if (type.IsGenericParameter)
        {
            return type.Name;
        }
        Type[] arguments = type.GetGenericArguments();
        int ofOuter = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        string name = Bare(type.Name) + Generic(arguments.Skip(ofOuter));
        if (type.DeclaringType is not { } outer)
        {
            return name;
        }
        Type closed = ofOuter > 0 && !type.IsGenericTypeDefinition
            ? outer.MakeGenericType(arguments[..ofOuter])
            : outer;
        return $"{Named(closed)}.{name}";
    }

    public static string Bare(string name) =>
        name.IndexOf('`', StringComparison.Ordinal) is >= 0 and int tick ? name[..tick] : name;

    public static string Generic(IEnumerable<Type> arguments)
    {
        string list = string.Join(", ", arguments.Select(Of));
        return list.Length == 0 ? "" : $"<{list}>";
    }

    public static string Parameter(ParameterInfo parameter)
    {
        string prefix = (parameter.ParameterType.IsByRef, parameter) switch
        {
            (true, { IsOut: true }) => "out ",
            (true, { IsIn: true }) => "in ",
            (true, _) => "ref ",
            _ when parameter.IsDefined(typeof(ParamArrayAttribute))
                || parameter.IsDefined(
                    typeof(System.Runtime.CompilerServices.ParamCollectionAttribute)) => "params ",
            _ => "",
        };
        string text = $"{prefix}{Of(parameter.ParameterType)} {parameter.Name}";
        return parameter.HasDefaultValue ? $"{text} = {Literal(parameter)}" : text;
    }

    private static string Literal(ParameterInfo parameter) => parameter.RawDefaultValue switch
    {
        null => parameter.ParameterType.IsValueType ? "default" : "null",
        object value => Literal(value, parameter.ParameterType),
    };

    public static string Literal(object value, Type type) => value switch
    {
        _ when type.IsEnum => $"{Of(type)}.{Enum.ToObject(type, value)}",
        string text => $"\"{text.ReplaceLineEndings("\\n")}\"",
        char one => $"'{one}'",
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, null),
        _ => value.ToString() ?? "",
    };
}
