using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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

/// <summary>
/// Reads the number of the await at which a state machine is suspended, at the cost of a field
/// read: the offset of the compiler's field is found once for each type. Any thread.
/// </summary>
internal static class StateMachineNumber<
    [DynamicallyAccessedMembers(StateMachineState.Members)] TMachine>
{
    // Negative: a class, as in Debug, or a machine without the field.
    private static readonly int s_offset = FindOffset();

    /// <summary>Negative if the machine is not suspended, or that is unknown.</summary>
    public static int Read(ref TMachine machine)
    {
        if (s_offset < 0)
        {
            return StateMachineState.Read(typeof(TMachine), machine!) ?? -1;
        }

        // Safe: the offset is inside of the struct, and the field there is an int.
        return Unsafe.As<byte, int>(
            ref Unsafe.AddByteOffset(ref Unsafe.As<TMachine, byte>(ref machine), s_offset));
    }

    // Two values, as the first may be in a field by chance.
    private static int FindOffset()
    {
        if (!typeof(TMachine).IsValueType)
        {
            return -1;
        }

        int offset = OffsetOf(0x5AC3_9E17);
        return offset == OffsetOf(0x2B6D_F081) ? offset : -1;
    }

    private static int OffsetOf(int number)
    {
        object box = default(TMachine)!;
        if (typeof(TMachine).GetField(
            StateMachineState.FieldName,
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic) is not { } field)
        {
            return -1;
        }

        field.SetValue(box, number);
        var machine = (TMachine)box;
        // Safe: the bytes of a local struct, which are read only.
        ReadOnlySpan<byte> bytes = MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.As<TMachine, byte>(ref machine), Unsafe.SizeOf<TMachine>());
        for (int at = 0; at + sizeof(int) <= bytes.Length; at += sizeof(int))
        {
            if (MemoryMarshal.Read<int>(bytes[at..]) == number)
            {
                return at;
            }
        }

        return -1;
    }
}
