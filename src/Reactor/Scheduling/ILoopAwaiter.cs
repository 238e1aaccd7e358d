using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// An awaiter that gets the task's step instead of a delegate; all others are foreign. A struct
/// implements <see cref="ILoopAwaiter{TSelf}"/>, or an await may box it.
/// </summary>
public interface ILoopAwaiter : ICriticalNotifyCompletion
{
    /// <summary>Calls a struct of this type without a box; null: unknown.</summary>
    internal object? Parking => null;

    /// <summary>
    /// Suspends the task: keep <paramref name="step"/> and post it when the wait is over. Must not
    /// throw, because no <c>finally</c> would run: let <c>GetResult</c> throw. Loop thread only.
    /// </summary>
    void OnSuspend(TaskStep step);

    /// <inheritdoc/>
    void INotifyCompletion.OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);
}

/// <summary>An <see cref="ILoopAwaiter"/> that is never boxed.</summary>
public interface ILoopAwaiter<TSelf> : ILoopAwaiter
    where TSelf : ILoopAwaiter<TSelf>
{
    /// <inheritdoc/>
    object? ILoopAwaiter.Parking => new OwnParking<TSelf>();
}
