namespace Reactor;

/// <summary>
/// A <see cref="LoopTask{T}"/> with any type of result; it is also a <see cref="Future"/>.
/// </summary>
/// <remarks>Loop thread only.</remarks>
public interface ILoopTask
{
    /// <summary>The name; by default <c>Task-1</c>, <c>Task-2</c> …</summary>
    string Name { get; set; }

    /// <summary>The coroutine method.</summary>
    string CoroutineName { get; }

    /// <summary>The given context; null: a copy of the creator's.</summary>
    LoopContext? Context { get; }

    /// <summary>True once the coroutine has ended.</summary>
    bool IsDone { get; }

    /// <summary>True if it ended cancelled.</summary>
    bool IsCancelled { get; }

    /// <summary>The cancellations not taken back (asyncio: <c>cancelling</c>).</summary>
    int Cancelling { get; }

    /// <summary>Asks the task to end; see <see cref="LoopTask{T}.Cancel"/>.</summary>
    bool Cancel(string? message = null);

    /// <summary>
    /// Takes one cancellation back and returns the rest (asyncio: <c>uncancel</c>).
    /// </summary>
    int Uncancel();

    /// <summary>The coroutine methods on the stack, innermost first; empty after the end.</summary>
    IReadOnlyList<string> GetStack();
}
