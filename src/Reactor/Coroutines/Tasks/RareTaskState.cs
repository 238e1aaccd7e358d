using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>State that most tasks never need, made when first used.</summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class RareTaskState
{
    public TaskCancellation? Cancellation;

    public ForeignParking? Foreign;

    /// <summary>The innermost block whose tasks must end before it does.</summary>
    public AwaitingBlock? Block;

    public ExceptionDispatchInfo? LastError;

    /// <summary>The awaits that the error has passed, in earlier tasks too.</summary>
    public int TracedAwaits;

    /// <summary>What the time of the task's steps is charged to.</summary>
    public LoopAccount? Account;

    /// <summary>True if a plain async method awaits the coroutine by its frame.</summary>
    public bool IsAwaitedByFrame;

    public void NoteError(Exception error)
    {
        if (ReferenceEquals(LastError?.SourceException, error))
        {
            TracedAwaits++;
        }
        else
        {
            (TracedAwaits, LastError) = TraceLimit.TakeRethrow(error);
        }

        if (TracedAwaits < TraceLimit.AwaitsMax || LastError is null)
        {
            LastError = ExceptionDispatchInfo.Capture(error);
        }
    }
}

/// <summary>A block of a task that waits for tasks, as a <c>TaskGroup</c> does.</summary>
/// <param name="Frame">The frame of the block.</param>
/// <param name="Awaited">The tasks of the moment.</param>
/// <param name="Outer">The block around this one.</param>
internal sealed record AwaitingBlock(
    CoroutineFrame Frame, IEnumerable<Future> Awaited, AwaitingBlock? Outer);
