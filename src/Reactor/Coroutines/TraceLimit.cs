using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// Bounds the stack trace of an exception on its way up. It grows for the innermost awaits only,
/// in whatever task they are; above them the exception is rethrown from one snapshot. A trace that
/// grew at each of 200,000 awaits, or tasks, would cost the square of that.
/// </summary>
/// <remarks>
/// Within a task <see cref="TaskIncidents"/> counts the awaits. The count stays with the outcome of
/// the task, and goes to the task that awaits that. A table of exceptions was rejected: it keeps
/// its size after a rush of errors.
/// </remarks>
internal static class TraceLimit
{
    /// <summary>Awaits that are traced.</summary>
    public const int AwaitsMax = 64;

    [ThreadStatic]
    private static ExceptionDispatchInfo? t_rethrown;

    [ThreadStatic]
    private static int t_awaits;

    /// <summary>An awaiter is about to throw, on this thread, what a future holds.</summary>
    /// <param name="error">The outcome.</param>
    /// <param name="awaits">How many awaits its trace has; a cancellation knows it itself.</param>
    public static void NoteRethrow(ExceptionDispatchInfo error, int awaits)
    {
        t_rethrown = error;
        t_awaits = error.SourceException is LoopCanceledException cancellation
            ? cancellation.TracedAwaits
            : awaits;
    }

    /// <summary>
    /// How many awaits an exception has passed before this task, and what it was rethrown from;
    /// nothing if the task has thrown it itself.
    /// </summary>
    public static (int Awaits, ExceptionDispatchInfo? Snapshot) TakeRethrow(Exception error)
    {
        ExceptionDispatchInfo? rethrown = t_rethrown;
        t_rethrown = null;
        return ReferenceEquals(rethrown?.SourceException, error)
            ? (t_awaits + 1, rethrown)
            : (0, null);
    }
}
