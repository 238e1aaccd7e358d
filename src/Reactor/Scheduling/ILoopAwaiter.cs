using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// An awaiter that can park a coroutine without a delegate: the coroutine builder sees its static
/// type and hands it the task's step. Anything that is not one is a foreign awaitable and is given
/// a continuation, as everywhere in .NET.
/// </summary>
/// <remarks>
/// A struct implements <see cref="ILoopAwaiter{TSelf}"/>: of one that implements only this, an
/// await may allocate a box, as the runtime happens to compile it.
/// </remarks>
public interface ILoopAwaiter : ICriticalNotifyCompletion
{
    /// <summary>How to call a struct of this type in its place; null: it does not say.</summary>
    internal object? Parking => null;

    /// <summary>
    /// Parks the task: the awaiter keeps <paramref name="step"/> and posts it when the wait is
    /// over. It must not throw: the compiler's <c>finally</c> blocks would not run. What is wrong
    /// is reported by <c>GetResult</c>, after an <c>IsCompleted</c> that says true. Loop thread
    /// only.
    /// </summary>
    void OnSuspend(TaskStep step);
}

/// <summary>
/// An <see cref="ILoopAwaiter"/> that names its own type, so that an await of a struct never
/// allocates a box, whichever way the runtime has compiled the code that awaits.
/// </summary>
/// <typeparam name="TSelf">The awaiter's own type.</typeparam>
public interface ILoopAwaiter<TSelf> : ILoopAwaiter
    where TSelf : ILoopAwaiter<TSelf>
{
    /// <inheritdoc/>
    object? ILoopAwaiter.Parking => new OwnParking<TSelf>();
}

/// <summary>What a suspended task waits for.</summary>
public interface IWaitSource
{
    /// <summary>
    /// Ends the wait of a task that is being cancelled. Loop thread only.
    /// </summary>
    /// <param name="waiter">The task's step, which this source was given.</param>
    /// <param name="message">The message of the cancellation.</param>
    /// <returns>
    /// True if the source itself becomes cancelled and posts its waiters, as a future does. False
    /// if it let go of the waiter, or has already posted it: then the task interrupts itself.
    /// </returns>
    bool CancelWait(TaskStep waiter, string? message);
}
