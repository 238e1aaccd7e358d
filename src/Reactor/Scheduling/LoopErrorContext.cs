namespace Reactor;

/// <summary>
/// An error that no caller can catch (asyncio: the context of <c>call_exception_handler</c>).
/// </summary>
public sealed class LoopErrorContext
{
    /// <summary>What happened, where, and the remedy.</summary>
    public required string Message { get; init; }

    /// <summary>The exception, or null.</summary>
    public Exception? Exception { get; init; }

    /// <summary>The callback that threw.</summary>
    public LoopHandle? Handle { get; init; }

    /// <summary>The <c>Future</c>, or task, that the error belongs to.</summary>
    public object? Future { get; init; }

    /// <summary>The <c>ITransport</c> whose protocol failed.</summary>
    public object? Transport { get; init; }

    /// <summary>The <c>IProtocol</c> that failed.</summary>
    public object? Protocol { get; init; }

    /// <summary>Where that was made, a future in debug mode only.</summary>
    public string? CreatedAt { get; init; }
}
