using System.Reflection;
using System.Runtime.CompilerServices;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Everything that can be reached from some objects by their fields, and how large each object is.
/// </summary>
/// <remarks>
/// By reflection, so it sees what the runtime keeps too. Types, threads, the runtime's own timers
/// and the like are not looked into: they belong to the process. Weak references are not followed.
/// </remarks>
internal static class ObjectGraph
{
    /// <summary>All that is reachable, the roots among it.</summary>
    public static HashSet<object> Of(params object[] roots)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<object>(roots);
        while (open.TryPop(out object? one))
        {
            if (!IsOfTheProcess(one) && seen.Add(one))
            {
                PushWhatItRefersTo(one, open);
            }
        }

        return seen;
    }

    /// <summary>
    /// Bytes on the heap of one that is no array and no string; of a type without a finalizer,
    /// which would see an object that was never made.
    /// </summary>
    public static long BytesOf(Type type)
    {
        RuntimeHelpers.GetUninitializedObject(type); // the first may make more than itself
        long before = GC.GetAllocatedBytesForCurrentThread();
        RuntimeHelpers.GetUninitializedObject(type);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>A type as a reader knows it; of a frame, the method that it belongs to.</summary>
    public static string NameOf(Type type)
    {
        if (type.Name.StartsWith("CoroutineFrame`", StringComparison.Ordinal))
        {
            Type machine = type.GenericTypeArguments[0];
            string method = machine.Name[1..machine.Name.IndexOf('>', StringComparison.Ordinal)];
            return $"{machine.DeclaringType!.Name}.{method}";
        }

        string name = type.Name.Split('`')[0];
        return type.IsNested ? $"{NameOf(type.DeclaringType!)}.{name}" : name;
    }

    private static bool IsOfTheProcess(object one) =>
        one is MemberInfo or Module or Assembly or Thread or AppDomain or string
            or WeakReference or System.Reflection.Pointer
        || one.GetType().FullName is "System.Threading.TimerQueue"
            or "System.Threading.TimerQueueTimer";

    private static void PushWhatItRefersTo(object one, Stack<object> open)
    {
        if (one is Array array)
        {
            Type element = array.GetType().GetElementType()!;
            if (MayRefer(element))
            {
                foreach (object? item in array)
                {
                    Push(item, open);
                }
            }

            return;
        }

        for (Type? type = one.GetType(); type is not null; type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
                    | BindingFlags.DeclaredOnly))
            {
                if (MayRefer(field.FieldType))
                {
                    Push(field.GetValue(one), open);
                }
            }
        }
    }

    // A structure is boxed to be looked into; its box is nothing that was there before.
    private static void Push(object? item, Stack<object> open)
    {
        if (item is ValueType value)
        {
            PushWhatItRefersTo(value, open);
        }
        else if (item is not null)
        {
            open.Push(item);
        }
    }

    private static bool MayRefer(Type type) => !type.IsPrimitive && !type.IsEnum
        && !type.IsPointer && !type.IsFunctionPointer && !type.IsByRefLike
        && !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(WeakReference<>));
}
