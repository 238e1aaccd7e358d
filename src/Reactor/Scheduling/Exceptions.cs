namespace Reactor;

/// <summary>A task or future was cancelled (asyncio: <c>CancelledError</c>).</summary>
public sealed class LoopCanceledException : OperationCanceledException
{
    /// <inheritdoc/>
    public LoopCanceledException() : base("The task was cancelled.")
    {
    }

    /// <inheritdoc/>
    public LoopCanceledException(string? message) : base(message ?? "The task was cancelled.")
    {
    }

    /// <inheritdoc/>
    public LoopCanceledException(string? message, Exception? innerException)
        : base(message ?? "The task was cancelled.", innerException)
    {
    }

    /// <summary>Awaits in its stack trace.</summary>
    internal int TracedAwaits { get; set; }
}

/// <summary>
/// A pending future has no outcome, or a done one got a second (asyncio: <c>InvalidStateError</c>).
/// </summary>
public sealed class InvalidFutureStateException : InvalidOperationException
{
    /// <inheritdoc/>
    public InvalidFutureStateException()
    {
    }

    /// <inheritdoc/>
    public InvalidFutureStateException(string? message) : base(message)
    {
    }

    /// <inheritdoc/>
    public InvalidFutureStateException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>
/// An exception that leaves the loop at once, through tasks and callbacks (asyncio:
/// <c>KeyboardInterrupt</c>, <c>SystemExit</c>).
/// </summary>
public class LoopAbortException : Exception
{
    /// <inheritdoc/>
    public LoopAbortException()
    {
    }

    /// <inheritdoc/>
    public LoopAbortException(string? message) : base(message)
    {
    }

    /// <inheritdoc/>
    public LoopAbortException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>
/// Ctrl+C has ended the main coroutine of a run, by the inner exception (asyncio:
/// <c>KeyboardInterrupt</c>).
/// </summary>
public sealed class InterruptException : LoopAbortException
{
    /// <inheritdoc/>
    public InterruptException() : base("The program was interrupted.")
    {
    }

    /// <inheritdoc/>
    public InterruptException(string? message) : base(message)
    {
    }

    /// <inheritdoc/>
    public InterruptException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
