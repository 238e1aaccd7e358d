using System.ComponentModel;
using System.Diagnostics;

namespace Reactor;

/// <summary>
/// A <see cref="Future"/> with a result (asyncio: <c>Future</c>): a <see cref="Promise{T}"/>, a
/// <see cref="LoopTask{T}"/> or a combinator.
/// </summary>
/// <remarks>Loop thread only.</remarks>
/// <typeparam name="T">The type of the result.</typeparam>
public class Future<T> : Future, IFrameOutcome<T>
{
    private T _result = default!;

    private protected Future(CoroutineScheduler? scheduler, string? createdAt = null)
        : base(scheduler, createdAt)
    {
    }

    /// <summary>The result; throws the exception of a failed future. Never waits.</summary>
    /// <exception cref="InvalidFutureStateException">It is not done.</exception>
    /// <exception cref="LoopCanceledException">It was cancelled.</exception>
    public T Result
    {
        [StackTraceHidden]
        get
        {
            ThrowUnlessSucceeded();
            return _result;
        }
    }

    /// <summary>For <c>await</c>, any number of times. Loop thread only.</summary>
    public FutureAwaiter<T> GetAwaiter() => new(this);

    private protected bool TrySucceed(T result)
    {
        if (IsDone)
        {
            return false;
        }

        _result = result;
        Succeed();
        return true;
    }

    private protected override string DescribeResult()
    {
        try
        {
            return _result?.ToString() ?? "null";
        }
        catch (Exception error)
        {
            return $"({error.GetType().Name} in ToString)";
        }
    }
}

/// <summary>Awaits a future: parks the task on it, without an allocation.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[StackTraceHidden]
public readonly struct FutureAwaiter<T> : ILoopAwaiter<FutureAwaiter<T>>
{
    private readonly Future<T> _future;

    internal FutureAwaiter(Future<T> future) => _future = future;

    /// <summary>True if it is done, or for misuse.</summary>
    public bool IsCompleted => _future.IsDone || !OneLoop.CanAwait(_future);

    /// <summary>The result.</summary>
    /// <exception cref="LoopCanceledException">
    /// The future, or the awaiting task, was cancelled.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// It belongs to another loop, or a task awaits itself.
    /// </exception>
    public T GetResult()
    {
        TaskStep.Current?.ThrowIfInterrupted();
        return _future.IsDone ? _future.Result : throw OneLoop.MakeMisuse(_future);
    }

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step)
    {
        _future.AddWaiter(step);
        step.SuspendOn(_future);
    }

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _future.AddContinuation(continuation);
}
