namespace Reactor;

/// <summary>A task or future was cancelled (asyncio: <c>CancelledError</c>).</summary>
public sealed class LoopCanceledException(string? message = null, Exception? innerException = null)
    : OperationCanceledException(message ?? "The task was cancelled.", innerException)
{
    /// <summary>Awaits in its stack trace.</summary>
    internal int TracedAwaits { get; set; }
}

/// <summary>
/// A pending future has no outcome, or a done one got a second (asyncio: <c>InvalidStateError</c>).
/// </summary>
public sealed class InvalidFutureStateException(
    string? message = null, Exception? innerException = null)
    : InvalidOperationException(message, innerException);

/// <summary>
/// An exception that leaves the loop at once, through tasks and callbacks (asyncio:
/// <c>KeyboardInterrupt</c>, <c>SystemExit</c>).
/// </summary>
public class LoopAbortException(string? message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <inheritdoc/>
    public LoopAbortException() : this(null)
    {
    }
}

/// <summary>
/// Ctrl+C has ended the main coroutine of a run, by the inner exception (asyncio:
/// <c>KeyboardInterrupt</c>).
/// </summary>
public sealed class InterruptException(string? message = null, Exception? innerException = null)
    : LoopAbortException(message ?? "The program was interrupted.", innerException);
