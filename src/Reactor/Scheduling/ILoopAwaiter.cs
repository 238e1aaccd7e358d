using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// An awaiter that receives the step of the waiting task instead of a delegate; all others are
/// foreign. A struct implements <see cref="ILoopAwaiter{TSelf}"/>, so that no await boxes it.
/// </summary>
public interface ILoopAwaiter : ICriticalNotifyCompletion
{
    /// <summary>Calls the struct without boxing it; null if its type is unknown.</summary>
    internal object? Parking => null;

    /// <summary>
    /// Called when the task suspends: store <paramref name="step"/>, and post it when the wait is
    /// over. Must not throw, because no <c>finally</c> would run: let <c>GetResult</c> throw. Loop
    /// thread only.
    /// </summary>
    void OnSuspend(TaskStep step);

    /// <inheritdoc/>
    void INotifyCompletion.OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);
}

/// <summary>An <see cref="ILoopAwaiter"/> that is never boxed.</summary>
public interface ILoopAwaiter<TSelf> : ILoopAwaiter where TSelf : ILoopAwaiter<TSelf>
{
    /// <inheritdoc/>
    object? ILoopAwaiter.Parking => new OwnParking<TSelf>();
}
