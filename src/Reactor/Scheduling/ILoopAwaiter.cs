using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// An awaiter that suspends a coroutine without a delegate: the coroutine builder passes it the
/// task's step. Any other awaiter is foreign and gets a continuation, as everywhere in .NET.
/// </summary>
/// <remarks>
/// A struct implements <see cref="ILoopAwaiter{TSelf}"/>: with this interface alone, an await may
/// allocate a box.
/// </remarks>
public interface ILoopAwaiter : ICriticalNotifyCompletion
{
    /// <summary>Calls a struct of this type without a box; null: unknown.</summary>
    internal object? Parking => null;

    /// <summary>
    /// Suspends the task: the awaiter keeps <paramref name="step"/> and posts it when the wait is
    /// over. It must not throw, because the compiler's <c>finally</c> blocks would not run: report
    /// an error from <c>GetResult</c>, after <c>IsCompleted</c> returned true. Loop thread only.
    /// </summary>
    void OnSuspend(TaskStep step);
}

/// <summary>
/// An <see cref="ILoopAwaiter"/> that names its own type, so that awaiting a struct never allocates
/// a box.
/// </summary>
/// <typeparam name="TSelf">The awaiter's own type.</typeparam>
public interface ILoopAwaiter<TSelf> : ILoopAwaiter
    where TSelf : ILoopAwaiter<TSelf>
{
    /// <inheritdoc/>
    object? ILoopAwaiter.Parking => new OwnParking<TSelf>();
}
