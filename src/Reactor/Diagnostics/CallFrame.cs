using System.Globalization;

namespace Reactor.Diagnostics;

/// <summary>
/// One line of the await stack of a task: a coroutine that waits for the one before it, or, as the
/// innermost, the awaitable of ours in which the task is parked. A value; any thread.
/// </summary>
/// <param name="Method">
/// The coroutine method with its type, or the awaitable: <c>EventLoop.Delay</c>, <c>AsyncLock</c>.
/// </param>
/// <param name="File">
/// The source file, as the compiler noted it; null where there are no portable symbols.
/// </param>
/// <param name="Line">
/// The line of the statement with the await; of a coroutine that has not begun, where the method
/// begins. Null where it cannot be had.
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
