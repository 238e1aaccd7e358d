namespace Reactor;

/// <summary>
/// An error that no caller can catch, as the exception handler gets it (asyncio: the context
/// dictionary of <c>call_exception_handler</c>).
/// </summary>
public sealed class LoopErrorContext
{
    /// <summary>What happened, where, and what to do about it, in one sentence.</summary>
    public required string Message { get; init; }

    /// <summary>The exception, if there is one.</summary>
    public Exception? Exception { get; init; }

    /// <summary>The callback that threw.</summary>
    public LoopHandle? Handle { get; init; }

    /// <summary>
    /// The future, or task, that the error belongs to; a <c>Future</c>, which this room does not
    /// know.
    /// </summary>
    public object? Future { get; init; }

    /// <summary>
    /// The transport whose protocol failed; an <c>ITransport</c>, which this room does not know.
    /// </summary>
    public object? Transport { get; init; }

    /// <summary>
    /// The protocol that failed; an <c>IProtocol</c>, which this room does not know.
    /// </summary>
    public object? Protocol { get; init; }

    /// <summary>
    /// Where the callback was handed to the loop; or, in debug mode only, where the future or task
    /// was made, or the coroutine called.
    /// </summary>
    public string? CreatedAt { get; init; }
}
