using System.Diagnostics;

namespace Reactor;

/// <summary>
/// Recognises the <c>MoveNext</c> of a coroutine on the native stack, by <see
/// cref="DiagnosticMethodInfo"/> as in <see cref="UserPlace"/>.
/// </summary>
internal static class MoveNextMethod
{
    /// <summary>The stack names a generic type without its arguments.</summary>
    public static bool IsOf(Type machine, DiagnosticMethodInfo method) =>
        method.Name == "MoveNext" && method.DeclaringTypeName
            == (machine.IsGenericType ? machine.GetGenericTypeDefinition() : machine).FullName;

    /// <summary>
    /// True if this thread throws in the coroutine itself, not in an async method that it called;
    /// also without names, as in a native program. Walks the stack: for rare exceptions.
    /// </summary>
    public static bool IsThrowing(Type machine)
    {
        foreach (StackFrame frame in new StackTrace(fNeedFileInfo: false).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is not { Name: "MoveNext" or "Start" } method)
            {
                continue;
            }

            // Our frame stands there if the machine was inlined.
            if (IsOf(machine, method) || (method.Name == "MoveNext"
                && method.DeclaringAssemblyName == typeof(MoveNextMethod).Assembly.FullName))
            {
                return true;
            }

            // The machine of a plain async method. Any other `MoveNext` may be an iterator's, which
            // the exception passes on its way to the coroutine.
            if (method.DeclaringTypeName.StartsWith(
                "System.Runtime.CompilerServices.", StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
