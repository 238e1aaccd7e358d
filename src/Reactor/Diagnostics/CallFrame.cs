using System.Globalization;

namespace Reactor.Diagnostics;

/// <summary>
/// A line of a task's await stack: a coroutine or, innermost, the awaitable that the task waits
/// for. A value; any thread.
/// </summary>
/// <param name="Method">
/// The coroutine method with its type, or the awaitable: <c>EventLoop.Delay</c>, <c>AsyncLock</c>.
/// </param>
/// <param name="File">
/// The source file, as the compiler recorded it; null without portable symbols.
/// </param>
/// <param name="Line">
/// The line of the await, or the start of a method that has not begun; null if unknown.
/// </param>
public sealed record CallFrame(string Method, string? File = null, int? Line = null)
{
    /// <summary>Method, file name and line.</summary>
    public override string ToString() => (File, Line) switch
    {
        (null, _) => Method,
        (_, null) => $"{Method} {Path.GetFileName(File)}",
        _ => string.Create(
            CultureInfo.InvariantCulture, $"{Method} {Path.GetFileName(File)}:{Line}"),
    };

    /// <summary>The methods of a stack in one line, innermost first.</summary>
    internal static string Join(IEnumerable<CallFrame> stack) =>
        string.Join(" -> ", stack.Select(frame => frame.Method));
}
