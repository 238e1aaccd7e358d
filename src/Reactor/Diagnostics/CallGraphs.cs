using System.Runtime.CompilerServices;

namespace Reactor.Diagnostics;

/// <summary>
/// The call graph of a future or task: its stack, and the tasks that wait for it. Loop thread only,
/// or while the loop does not run.
/// </summary>
/// <remarks>
/// The first use reads portable symbols from files. Without them a stack has no lines, but in debug
/// mode the place where the task was made.
/// </remarks>
public static class CallGraphs
{
    /// <summary>Captures the graph (asyncio: <c>capture_call_graph</c>).</summary>
    /// <param name="future">A future or task.</param>
    /// <param name="framesMax">The most frames of a stack.</param>
    /// <exception cref="InvalidOperationException">The loop runs on another thread.</exception>
    [OverloadResolutionPriority(1)]
    public static CallGraph CaptureCallGraph(
        this Future future, int framesMax = StackReader.FramesMax)
    {
        ArgumentNullException.ThrowIfNull(future);
        ArgumentOutOfRangeException.ThrowIfNegative(framesMax);
        LoopInspector.CheckThread(future.Scheduler);
        return CallGraph.Capture(AwaitGraph.Of(future.Scheduler), future, framesMax);
    }

    /// <inheritdoc cref="CaptureCallGraph(Future, int)"/>
    public static CallGraph CaptureCallGraph(
        this ILoopTask task, int framesMax = StackReader.FramesMax) =>
        ((Future)task).CaptureCallGraph(framesMax);

    /// <summary>The graph as text (asyncio: <c>format_call_graph</c>).</summary>
    /// <inheritdoc cref="CaptureCallGraph(Future, int)"/>
    [OverloadResolutionPriority(1)]
    public static string FormatCallGraph(
        this Future future, int framesMax = StackReader.FramesMax) =>
        future.CaptureCallGraph(framesMax).ToString();

    /// <inheritdoc cref="FormatCallGraph(Future, int)"/>
    public static string FormatCallGraph(
        this ILoopTask task, int framesMax = StackReader.FramesMax) =>
        ((Future)task).FormatCallGraph(framesMax);

    /// <summary>Writes the graph (asyncio: <c>print_call_graph</c>).</summary>
    /// <inheritdoc cref="CaptureCallGraph(Future, int)"/>
    /// <param name="future">A future or task.</param>
    /// <param name="to">The target; null: the standard output.</param>
    /// <param name="framesMax">The most frames of a stack.</param>
    [OverloadResolutionPriority(1)]
    public static void PrintCallGraph(
        this Future future, TextWriter? to = null, int framesMax = StackReader.FramesMax)
    {
#pragma warning disable RS0030 // the caller asks for the console
        to ??= Console.Out;
#pragma warning restore RS0030
        to.Write(future.FormatCallGraph(framesMax));
    }

    /// <inheritdoc cref="PrintCallGraph(Future, TextWriter?, int)"/>
    public static void PrintCallGraph(
        this ILoopTask task, TextWriter? to = null, int framesMax = StackReader.FramesMax) =>
        ((Future)task).PrintCallGraph(to, framesMax);
}
