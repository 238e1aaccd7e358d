// The exported surface of an assembly as sorted lines: one for each public or protected type, and
// one for each of its public or protected members, prefixed with the type. Sorted by ordinal, so
// that an addition is one added line in the diff. What the compiler makes by itself (backing
// members, the markers of extension blocks, a record's equality and printing) is left out.

using System.Reflection;
using System.Runtime.CompilerServices;

namespace Repository.Tests.Api;

public static class ApiPrinter
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<string> Print(IEnumerable<Type> types) => types
        .Where(IsExported)
        .SelectMany(type => Members(type).Prepend(TypeLine(type)))
        .OrderBy(line => line, StringComparer.Ordinal)
        .ToArray();

    public static bool IsExported(Type type) =>
        !type.Name.Contains('<', StringComparison.Ordinal)
        && (type.IsPublic || (IsNestedAndSeen(type) && IsExported(type.DeclaringType!)));

    private static bool IsNestedAndSeen(Type type) =>
        type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem;

    private static string FullName(Type type) =>
        type.Namespace is { } space ? $"{space}.{TypeNames.Named(type)}" : TypeNames.Named(type);

    private static string TypeLine(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type) && type != typeof(Delegate))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            return $"{FullName(type)} : delegate {TypeNames.Of(invoke.ReturnType)}"
                + $"({Parameters(invoke)}){Constraints(type.GetGenericArguments())}";
        }
        string kind = type switch
        {
            { IsInterface: true } => "interface",
            { IsEnum: true } => $"enum {TypeNames.Of(Enum.GetUnderlyingType(type))}",
            { IsValueType: true } => Struct(type),
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        IEnumerable<Type> parents = type.IsEnum ? [] : type.GetInterfaces()
            .Where(parent => parent.IsVisible && !IsInherited(parent, type))
            .OrderBy(parent => parent.Name, StringComparer.Ordinal);
        if (type.BaseType is { } parent && parent != typeof(object) && !type.IsValueType)
        {
            parents = parents.Prepend(parent);
        }
        string list = string.Join(", ", parents.Select(TypeNames.Of));
        return $"{FullName(type)} : {kind}{(list.Length > 0 ? ", " : "")}{list}"
            + Constraints(type.GetGenericArguments());
    }

    private static string Struct(Type type) =>
        (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "")
        + (type.IsByRefLike ? "ref struct" : "struct");

    private static bool IsInherited(Type parent, Type type) =>
        (type.BaseType?.GetInterfaces().Contains(parent) ?? false)
        || type.GetInterfaces().Any(other => other.GetInterfaces().Contains(parent));

    private static IEnumerable<string> Members(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return [];
        }
        string owner = FullName(type);
        IEnumerable<string> lines =
        [
            .. type.GetFields(Declared).Where(IsSeen).Select(field => Field(field, owner)),
            .. type.GetConstructors(Declared).Where(IsSeen)
                .Select(method => $"{owner}.ctor({Parameters(method)}){Protected(method)}"),
            .. type.GetProperties(Declared).Select(property => Property(property, owner)),
            .. type.GetEvents(Declared).Where(e => IsSeen(e.AddMethod!))
                .Select(e => $"{owner}.{e.Name} : event {TypeNames.Of(e.EventHandlerType!)}"),
            .. type.GetMethods(Declared).Where(IsSeen)
                .Where(method => !method.IsDefined(typeof(CompilerGeneratedAttribute)))
                .Where(method => !method.IsSpecialName
                    || method.Name.StartsWith("op_", StringComparison.Ordinal))
                .Select(method => Method(method, owner)),
        ];
        return lines.Where(line => line.Length > 0);
    }

    private static string Field(FieldInfo field, string owner)
    {
        if (field.IsLiteral)
        {
            Type type = field.DeclaringType!.IsEnum
                ? Enum.GetUnderlyingType(field.DeclaringType) : field.FieldType;
            string value = field.GetRawConstantValue() is { } constant
                ? TypeNames.Literal(constant, type) : "null";
            return $"{owner}.{field.Name} = {value}";
        }
        string statics = field.IsStatic ? "static " : "";
        string readOnly = field.IsInitOnly ? "readonly " : "";
        return $"{owner}.{field.Name} : {statics}{readOnly}{TypeNames.Of(field.FieldType)}";
    }

    private static string Property(PropertyInfo property, string owner)
    {
        MethodInfo[] accessors = property.GetAccessors(nonPublic: true).Where(IsSeen).ToArray();
        if (accessors.Length == 0)
        {
            return "";
        }
        IEnumerable<string> verbs = accessors.Select(accessor =>
            (accessor.IsPublic ? "" : "protected ") + (accessor switch
            {
                { ReturnType: Type type } when type != typeof(void) => "get",
                _ => IsInit(accessor) ? "init" : "set",
            }) + ";");
        ParameterInfo[] index = property.GetIndexParameters();
        string name = index.Length == 0 ? property.Name
            : $"this[{string.Join(", ", index.Select(TypeNames.Parameter))}]";
        bool required = property.IsDefined(typeof(RequiredMemberAttribute));
        return $"{owner}.{name} : {Modifiers(accessors[0])}{(required ? "required " : "")}"
            + $"{TypeNames.Of(property.PropertyType)} {{ {string.Join(' ', verbs)} }}";
    }

    private static string Method(MethodInfo method, string owner)
    {
        string self = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        Type[] generic = method.GetGenericArguments();
        return $"{owner}.{method.Name}{TypeNames.Generic(generic)}({self}{Parameters(method)}) : "
            + $"{Modifiers(method)}{(method.ReturnType.IsByRef ? "ref " : "")}"
            + TypeNames.Of(method.ReturnType) + Constraints(generic) + Protected(method);
    }

    private static string Modifiers(MethodInfo method)
    {
        bool overrides = method.IsVirtual && method.GetBaseDefinition() != method;
        return method switch
        {
            { IsStatic: true, IsAbstract: true } => "static abstract ",
            { IsStatic: true } => "static ",
            { DeclaringType.IsInterface: true, IsAbstract: true } => "",
            { IsAbstract: true } => "abstract ",
            _ when overrides => "override ",
            { IsVirtual: true, IsFinal: false } => "virtual ",
            _ => "",
        };
    }

    private static string Constraints(IEnumerable<Type> parameters)
    {
        IEnumerable<string> clauses = parameters.Where(type => type.IsGenericParameter)
            .Select(type => (type.Name, List: Constraint(type)))
            .Where(clause => clause.List.Length > 0)
            .Select(clause => $" where {clause.Name} : {clause.List}");
        return string.Concat(clauses);
    }

    private static string Constraint(Type parameter)
    {
        GenericParameterAttributes flags = parameter.GenericParameterAttributes;
        bool isStruct = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        List<string> parts = [];
        if (isStruct)
        {
            parts.Add("struct");
        }
        if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            parts.Add("class");
        }
        parts.AddRange(parameter.GetGenericParameterConstraints()
            .Where(type => type != typeof(ValueType)).Select(TypeNames.Of));
        if (!isStruct && flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
        {
            parts.Add("new()");
        }
        if (flags.HasFlag(GenericParameterAttributes.AllowByRefLike))
        {
            parts.Add("allows ref struct");
        }
        return string.Join(", ", parts);
    }

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(TypeNames.Parameter));

    private static string Protected(MethodBase method) => method.IsPublic ? "" : " (protected)";

    private static bool IsInit(MethodInfo setter) => setter.ReturnParameter
        .GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static bool IsSeen(MethodBase method) =>
        (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly)
        && !method.Name.Contains('<', StringComparison.Ordinal);

    private static bool IsSeen(FieldInfo field) =>
        (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && !field.IsSpecialName;
}
