namespace Reactor;

/// <summary>
/// A task whatever its result: what <see cref="LoopTask.Current"/> and the list of a loop's tasks
/// give. Every one is a <see cref="Future"/> too, namely a <see cref="LoopTask{T}"/>; C# has no way
/// to say both with classes alone.
/// </summary>
/// <remarks>Loop thread only.</remarks>
public interface ILoopTask
{
    /// <summary>The task's name: <c>Task-1</c>, <c>Task-2</c> … unless it has its own.</summary>
    string Name { get; set; }

    /// <summary>The coroutine method that the task runs.</summary>
    string CoroutineName { get; }

    /// <summary>The context given to the task; null if it has a copy of its creator's.</summary>
    LoopContext? Context { get; }

    /// <summary>True once the coroutine has returned, thrown or been cancelled.</summary>
    bool IsDone { get; }

    /// <summary>True if it ended cancelled.</summary>
    bool IsCancelled { get; }

    /// <summary>
    /// How many cancellations were asked for and not taken back with <see cref="Uncancel"/>.
    /// </summary>
    int Cancelling { get; }

    /// <summary>Asks the task to end; see <see cref="LoopTask{T}.Cancel"/>.</summary>
    bool Cancel(string? message = null);

    /// <summary>
    /// Takes one cancellation back; the number that is left (asyncio: <c>uncancel</c>).
    /// </summary>
    int Uncancel();

    /// <summary>
    /// The coroutine methods on the task's stack, innermost first; empty once it ended.
    /// </summary>
    IReadOnlyList<string> GetStack();
}
