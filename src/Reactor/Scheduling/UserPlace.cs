using System.Diagnostics;

namespace Reactor;

/// <summary>
/// The innermost line of user code on the calling thread's stack; without symbols, the method. For
/// debug mode: a stack walk takes up to 0.1 ms. Any thread.
/// </summary>
/// <remarks>The trimmer does not support <c>StackFrame.GetMethod</c>.</remarks>
internal static class UserPlace
{
    private static readonly string? s_ours = typeof(UserPlace).Assembly.FullName;

    public static string Name(string? file, int line) => $"{Path.GetFileName(file)}:{line}";

    /// <param name="except">A method to skip, as <c>Type.Method</c>: the called one.</param>
    /// <param name="isOurs">Whether a room above has an assembly, by its full name.</param>
    public static string Find(string? except = null, Func<string, bool>? isOurs = null)
    {
        string? named = null;
        foreach (StackFrame frame in new StackTrace(1, fNeedFileInfo: true).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is not { } method || !IsOfUser(method)
                || isOurs?.Invoke(method.DeclaringAssemblyName!) == true)
            {
                continue;
            }

            if (frame.GetFileName() is { } file)
            {
                return Name(file, frame.GetFileLineNumber());
            }

            string name = $"{method.DeclaringTypeName}.{method.Name}";
            if (except is null || !name.EndsWith(except, StringComparison.Ordinal))
            {
                named ??= name;
            }
        }

        return named ?? "(unknown)";
    }

    /// <summary>
    /// True if a method of a kind has called what this thread does: it is on the stack below the
    /// innermost line of user code.
    /// </summary>
    /// <param name="isCaller">By the full name of its assembly and the name of its type.</param>
    /// <param name="isOurs">Whether a room above has an assembly, by its full name.</param>
    public static bool IsCalledBy(
        Func<string, string?, bool> isCaller, Func<string, bool> isOurs)
    {
        foreach (StackFrame frame in new StackTrace(1, fNeedFileInfo: false).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is not { } method
                || method.DeclaringAssemblyName is not { } name)
            {
                continue;
            }

            if (isCaller(name, method.DeclaringTypeName))
            {
                return true;
            }

            if (IsOfUser(method) && !isOurs(name))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>
    /// The place of the synchronous wait for a task that this thread is in; null for another wait,
    /// as for a lock.
    /// </summary>
    public static string? FindTaskWait()
    {
        foreach (StackFrame frame in new StackTrace(1, fNeedFileInfo: false).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is { } method
                && (IsTaskWait(method) || IsOfUser(method)))
            {
                return IsTaskWait(method) ? Find() : null;
            }
        }

        return null;
    }

    // Result, Wait, WaitAll, WaitAny and GetResult() call such a method; other methods of Task may
    // wait for a lock.
    private static bool IsTaskWait(DiagnosticMethodInfo method) =>
        method.DeclaringTypeName == "System.Threading.Tasks.Task"
        && method.Name.Contains("Wait", StringComparison.Ordinal);

    private static bool IsOfUser(DiagnosticMethodInfo method) =>
        method.DeclaringAssemblyName is { } assembly
        && assembly != s_ours
        && !assembly.StartsWith("System.", StringComparison.Ordinal)
        && !assembly.StartsWith("Microsoft.", StringComparison.Ordinal);
}
