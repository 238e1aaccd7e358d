using System.Diagnostics;

namespace Reactor;

/// <summary>
/// Awaits a coroutine: pushes its frame on the stack of the awaiting task, so that it runs next, in
/// the same task and the same turn. A plain <c>async Task</c> method cannot push frames; for it the
/// coroutine becomes a task of its own.
/// </summary>
/// <typeparam name="T">The type of the result.</typeparam>
[StackTraceHidden]
public readonly struct CoroutineAwaiter<T> : ILoopAwaiter<CoroutineAwaiter<T>>, ICoroutineAwaiter
{
    // Without a ticket: the compiler keeps awaiters in the machine, which would be a word longer.
    // Whoever keeps one by hand beyond its await is refused while the frame lies in the pool, and
    // by GetResult ever after; who has a task await it once the frame serves another call, awaits
    // that call.
    private readonly CoroutineFrame<T> _frame;

    internal CoroutineAwaiter(CoroutineFrame<T> frame) => _frame = frame;

    /// <summary>
    /// False for a fresh call. Misuse says true, and <see cref="GetResult"/> then throws.
    /// </summary>
    public bool IsCompleted => _frame.State != FrameState.Cold;

    /// <summary>The result, or what the coroutine threw.</summary>
    /// <exception cref="InvalidOperationException">
    /// It was awaited before, is being awaited, or no event loop runs on this thread.
    /// </exception>
    public T GetResult() => _frame.TakeResult();

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step) => ((Trampoline)step).Push(_frame);

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation)
    {
        if (CoroutineScheduler.Current is not { } scheduler)
        {
            // GetResult says what is wrong. IsCompleted could have known, but what is only wrong
            // here is not worth a look at a thread's static in every nested await.
            continuation();
            return;
        }

        var task = new LoopTask<T>(scheduler, new Coroutine<T>(_frame));
        _frame.Owner!.IsAwaitedByFrame = true;
        task.AddContinuation(continuation);
    }
}

/// <summary>Awaits a coroutine without a result; see <see cref="CoroutineAwaiter{T}"/>.</summary>
[StackTraceHidden]
public readonly struct CoroutineAwaiter : ILoopAwaiter<CoroutineAwaiter>, ICoroutineAwaiter
{
    private readonly CoroutineAwaiter<Unit> _awaiter;

    internal CoroutineAwaiter(CoroutineAwaiter<Unit> awaiter) => _awaiter = awaiter;

    /// <inheritdoc cref="CoroutineAwaiter{T}.IsCompleted"/>
    public bool IsCompleted => _awaiter.IsCompleted;

    /// <summary>Throws what the coroutine threw.</summary>
    /// <exception cref="InvalidOperationException">
    /// It was awaited before, is being awaited, or no event loop runs on this thread.
    /// </exception>
    public void GetResult() => _awaiter.GetResult();

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step) => _awaiter.OnSuspend(step);

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => _awaiter.OnCompleted(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) =>
        _awaiter.UnsafeOnCompleted(continuation);
}

/// <summary>
/// A struct with nothing in it but a reference to its <see cref="CoroutineFrame"/>, which the
/// builder reads directly: an await of a coroutine is the one that a call must be cheap for.
/// </summary>
internal interface ICoroutineAwaiter;
