namespace Reactor;

/// <summary>
/// Decides whether foreign tasks have ended and tokens are cancelled. Other threads do that, so it
/// is chance: a recording notes the answers, and a replay repeats them. Loop thread only.
/// </summary>
internal interface IForeignEnds
{
    /// <summary>
    /// True if a foreign task has ended; a replay waits for a task that had ended.
    /// </summary>
    bool HasEnded(Task task);

    /// <summary>
    /// True if a token is cancelled; a replay waits for a token that was cancelled.
    /// </summary>
    bool IsCancelled(CancellationToken token);

    /// <summary>
    /// Called where a task awaits a foreign object that has not ended. True in a replay if it had
    /// ended in the recorded run: it has now, and the task goes on without a wait.
    /// </summary>
    /// <param name="task">The number of the task.</param>
    /// <param name="onCompleted">Calls back at the end of the object; null if it may not.</param>
    bool MustGoOn(long task, Action<Action>? onCompleted);
}
