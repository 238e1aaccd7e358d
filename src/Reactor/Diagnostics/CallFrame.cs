using System.Globalization;

namespace Reactor.Diagnostics;

/// <summary>
/// A line of a task's await stack: a coroutine or, innermost, the awaitable that the task waits
/// for. Immutable; any thread.
/// </summary>
public sealed record CallFrame
{
    /// <summary>The method with its type, or the awaitable: <c>EventLoop.Delay</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The source file; null without portable symbols.</summary>
    public string? File { get; init; }

    /// <summary>The line of the await, or where the method begins; null if unknown.</summary>
    public int? Line { get; init; }

    /// <summary>Method, file name and line.</summary>
    public override string ToString() => (File, Line) switch
    {
        (null, _) => Method,
        (_, null) => $"{Method} {Path.GetFileName(File)}",
        _ => string.Create(
            CultureInfo.InvariantCulture, $"{Method} {Path.GetFileName(File)}:{Line}"),
    };

    internal static string Join(IEnumerable<CallFrame> stack) =>
        string.Join(" -> ", stack.Select(frame => frame.Method));
}
