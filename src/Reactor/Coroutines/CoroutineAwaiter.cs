using System.ComponentModel;
using System.Diagnostics;

namespace Reactor;

/// <summary>
/// Awaits a coroutine: pushes its frame, which runs next, in the same turn. A plain <c>async
/// Task</c> method cannot push frames; for it the coroutine becomes a task.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[StackTraceHidden]
public readonly struct CoroutineAwaiter<T> : ILoopAwaiter<CoroutineAwaiter<T>>, ICoroutineAwaiter
{
    // Without a ticket, which makes state machines longer. GetResult refuses an awaiter kept beyond
    // its await; awaited later it awaits the frame's present call.
    private readonly CoroutineFrame<T> _frame;

    internal CoroutineAwaiter(CoroutineFrame<T> frame) => _frame = frame;

    /// <summary>False for a fresh call; true for misuse.</summary>
    public bool IsCompleted => _frame.State != FrameState.Cold;

    /// <summary>The result, or what the coroutine threw.</summary>
    /// <exception cref="InvalidOperationException">
    /// It was awaited before, is being awaited, or no event loop runs on this thread.
    /// </exception>
    public T GetResult() => _frame.TakeResult();

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step) => ((FrameStack)step).Push(_frame);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation)
    {
        if (CoroutineScheduler.Current is not { } scheduler)
        {
            // GetResult throws. A check in IsCompleted would read a thread static at every await.
            continuation();
            return;
        }

        var task = new LoopTask<T>(scheduler, _frame);
        task.Trampoline.AwaitByFrame();
        task.AddContinuation(continuation);
    }
}

/// <summary>Awaits a coroutine without a result; see <see cref="CoroutineAwaiter{T}"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[StackTraceHidden]
public readonly struct CoroutineAwaiter : ILoopAwaiter<CoroutineAwaiter>, ICoroutineAwaiter
{
    private readonly CoroutineAwaiter<Unit> _awaiter;

    internal CoroutineAwaiter(CoroutineAwaiter<Unit> awaiter) => _awaiter = awaiter;

    /// <inheritdoc cref="CoroutineAwaiter{T}.IsCompleted"/>
    public bool IsCompleted => _awaiter.IsCompleted;

    /// <inheritdoc cref="CoroutineAwaiter{T}.GetResult"/>
    public void GetResult() => _awaiter.GetResult();

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step) => _awaiter.OnSuspend(step);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _awaiter.UnsafeOnCompleted(continuation);
}

/// <summary>A struct whose only field is a frame, which the builder reads directly.</summary>
internal interface ICoroutineAwaiter;
