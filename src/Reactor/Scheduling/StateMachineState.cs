using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Reactor;

/// <summary>
/// Where a state machine stands, read from the field in which the compiler keeps that. The type
/// parameters through which a machine comes to its frame say that its fields are needed, so that
/// trimming leaves them. Used when somebody asks for a call graph, never in a turn.
/// </summary>
internal static class StateMachineState
{
    /// <summary>What trimming must leave of a state machine.</summary>
    public const DynamicallyAccessedMemberTypes Members =
        DynamicallyAccessedMemberTypes.PublicFields
        | DynamicallyAccessedMemberTypes.NonPublicFields;

    /// <summary>The compiler's name of the field, public in an async method's machine.</summary>
    public const string FieldName = "<>1__state";

    /// <summary>The compiler's name of the field that holds the object of the method.</summary>
    private const string ThisName = "<>4__this";

    /// <summary>The object whose method it is; null for a static one.</summary>
    public static object? ReadThis(
        [DynamicallyAccessedMembers(Members)] Type type, object machine) =>
        type.GetField(ThisName, BindingFlags.Instance | BindingFlags.Public)?.GetValue(machine);

    /// <summary>The state; null where the field is not found.</summary>
    public static int? Read([DynamicallyAccessedMembers(Members)] Type type, object machine) =>
        type.GetField(
            FieldName, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            ?.GetValue(machine) as int?;
}
