namespace Reactor;

/// <summary>What a suspended task waits for; cancelling the task ends the wait.</summary>
public interface IWaitSource
{
    /// <summary>Ends the wait of a cancelled task. Loop thread only.</summary>
    /// <returns>
    /// True if the source becomes cancelled and posts its waiters, as a future does; false if the
    /// task must interrupt itself.
    /// </returns>
    bool CancelWait(TaskStep waiter, string? message);
}
