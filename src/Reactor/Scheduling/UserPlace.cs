using System.Diagnostics;

namespace Reactor;

/// <summary>
/// Where in the user's code something happens: the innermost frame of the calling thread that is
/// neither ours nor the framework's. For debug mode only: a walk costs up to a tenth of a
/// millisecond.
/// </summary>
/// <remarks>
/// Any thread. Methods are named through <see cref="DiagnosticMethodInfo"/>, because the trimmer
/// cannot follow <c>StackFrame.GetMethod</c>. Without symbols, and in a native program, the name of
/// the method stands for file and line.
/// </remarks>
internal static class UserPlace
{
    private const string Unknown = "(unknown)";

    private static readonly string? s_ours = typeof(UserPlace).Assembly.FullName;

    /// <summary>A line of a file as <c>File.cs:12</c>.</summary>
    public static string Name(string? file, int line) => $"{Path.GetFileName(file)}:{line}";

    /// <summary>The place as <c>File.cs:12</c>.</summary>
    /// <param name="except">
    /// A method that is no place, as <c>Type.Method</c>: the one that is being called.
    /// </param>
    public static string Find(string? except = null)
    {
        string? named = null;
        foreach (StackFrame frame in new StackTrace(1, fNeedFileInfo: true).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is not { } method || !IsOfUser(method))
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

        return named ?? Unknown;
    }

    /// <summary>
    /// The place of a synchronous wait for a task, called from inside a wait of this thread; null
    /// if it waits for something else, a lock perhaps.
    /// </summary>
    public static string? FindTaskWait()
    {
        foreach (StackFrame frame in new StackTrace(1, fNeedFileInfo: false).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is not { } method)
            {
                continue;
            }

            if (IsTaskWait(method))
            {
                return Find();
            }

            if (IsOfUser(method))
            {
                return null;
            }
        }

        return null;
    }

    // Result, Wait, WaitAll, WaitAny and GetAwaiter().GetResult() all end in a method of Task whose
    // name has this word. Task's other methods may meet a lock, which is no wait for a task.
    private static bool IsTaskWait(DiagnosticMethodInfo method) =>
        method.DeclaringTypeName == "System.Threading.Tasks.Task"
        && method.Name.Contains("Wait", StringComparison.Ordinal);

    private static bool IsOfUser(DiagnosticMethodInfo method) =>
        method.DeclaringAssemblyName is { } assembly
        && assembly != s_ours
        && !assembly.StartsWith("System.", StringComparison.Ordinal)
        && !assembly.StartsWith("Microsoft.", StringComparison.Ordinal);
}
