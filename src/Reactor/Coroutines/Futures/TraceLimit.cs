using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// Bounds the stack trace of an exception: after the innermost awaits, of any task, it is rethrown
/// from one snapshot. A trace that grows at each of 200,000 awaits is quadratic.
/// </summary>
/// <remarks>
/// Tasks pass the count on with their outcome. A table of exceptions would keep its size after a
/// burst of errors.
/// </remarks>
internal static class TraceLimit
{
    public const int AwaitsMax = 64;

    [ThreadStatic] private static ExceptionDispatchInfo? t_rethrown;

    [ThreadStatic] private static int t_awaits;

    public static void NoteRethrow(ExceptionDispatchInfo error, int awaits)
    {
        t_rethrown = error;
        t_awaits = error.SourceException is LoopCanceledException cancellation
            ? cancellation.TracedAwaits
            : awaits;
    }

    /// <summary>
    /// The awaits before this task, and the snapshot that the exception was rethrown from.
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
