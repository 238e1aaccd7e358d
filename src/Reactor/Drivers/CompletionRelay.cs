namespace Reactor.Drivers;

/// <summary>
/// Waits for an operation of a driver in place of the loop's waiters, for a decorator that must see
/// each completion. It is posted to the decorator and never runs. Loop thread only.
/// </summary>
internal abstract class CompletionRelay : LoopWork
{
    /// <summary>True if the loop's own waiters wait, so that a completion is news to it.</summary>
    public abstract bool HasWaiters { get; }

    /// <summary>The operation has completed; called inside the poll.</summary>
    public abstract void OnCompleted();

    /// <inheritdoc/>
    public sealed override void Run() => OnCompleted();
}
