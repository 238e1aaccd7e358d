using System.Diagnostics;

namespace Reactor;

/// <summary>
/// Where an exception is thrown that <see cref="AppDomain.FirstChanceException"/> shows: in the
/// coroutine that runs, or in an async method that the coroutine called and that may catch it.
/// </summary>
/// <remarks>
/// The thread of the exception only. It walks the native stack, so it is for exceptions that are
/// rare: those that may deliver a cancellation. Methods are named through
/// <see cref="DiagnosticMethodInfo"/>, as in <see cref="UserPlace"/>.
/// </remarks>
internal static class ThrownPlace
{
    /// <summary>
    /// True if the innermost state machine on the stack is the one given. Also true if no name can
    /// be read, as in a native program without them.
    /// </summary>
    public static bool IsIn(Type machine)
    {
        string? name =
            (machine.IsGenericType ? machine.GetGenericTypeDefinition() : machine).FullName;
        foreach (StackFrame frame in new StackTrace(fNeedFileInfo: false).GetFrames())
        {
            DiagnosticMethodInfo? method = DiagnosticMethodInfo.Create(frame);
            switch (method?.Name)
            {
                // Where the machine was inlined, the frame of ours that runs it stands there.
                case "MoveNext" when method.DeclaringTypeName == name
                    || method.DeclaringAssemblyName == typeof(ThrownPlace).Assembly.FullName:
                    return true;

                // They stand above the machine of a plain async method. Any other `MoveNext` may be
                // an iterator's, from which the exception goes on to the coroutine.
                case "MoveNext" or "Start" when method.DeclaringTypeName.StartsWith(
                    "System.Runtime.CompilerServices.", StringComparison.Ordinal):
                    return false;
                default:
                    break;
            }
        }

        return true;
    }
}
