namespace Reactor;

/// <summary>What a suspended task waits for; cancelling the task ends the wait.</summary>
public interface IWaitSource
{
    /// <summary>Ends the wait of a task that is being cancelled. Loop thread only.</summary>
    /// <param name="waiter">The step that this source was given.</param>
    /// <param name="message">The message of the cancellation.</param>
    /// <returns>
    /// True if the source itself becomes cancelled and posts its waiters, as a future does. False
    /// if it released the waiter, or has already posted it: then the task interrupts itself.
    /// </returns>
    bool CancelWait(TaskStep waiter, string? message);
}
