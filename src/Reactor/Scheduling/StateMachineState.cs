using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Reactor;

/// <summary>
/// Reads the compiler's fields of a state machine, for call graphs only. Annotations on type
/// parameters keep them from being trimmed.
/// </summary>
internal static class StateMachineState
{
    public const DynamicallyAccessedMemberTypes Members =
        DynamicallyAccessedMemberTypes.PublicFields
        | DynamicallyAccessedMemberTypes.NonPublicFields;

    /// <summary>The compiler's name of the state field; public in an async machine.</summary>
    public const string FieldName = "<>1__state";

    private const string ThisName = "<>4__this";

    /// <summary>The method's object; null for a static method.</summary>
    public static object? ReadThis(
        [DynamicallyAccessedMembers(Members)] Type type, object machine) =>
        type.GetField(ThisName, BindingFlags.Instance | BindingFlags.Public)?.GetValue(machine);

    public static int? Read([DynamicallyAccessedMembers(Members)] Type type, object machine) =>
        type.GetField(
            FieldName, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            ?.GetValue(machine) as int?;
}
