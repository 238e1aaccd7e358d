namespace Reactor.Diagnostics;

/// <summary>
/// Shows the tasks of a loop as a table or a tree, and finds deadlocks (asyncio: <c>python -m
/// asyncio ps</c> and <c>pstree</c>). Loop thread only, or while the loop does not run.
/// </summary>
/// <remarks>A call takes time in proportion to the tasks and their stacks.</remarks>
public static class LoopInspector
{
    /// <summary>A row for each unfinished task, oldest first.</summary>
    /// <exception cref="InvalidOperationException">The loop runs on another thread.</exception>
    public static TaskTable Tasks(EventLoop loop) => TaskTable.Of(GraphOf(loop), loop.ThreadId);

    /// <summary>The await tree.</summary>
    /// <inheritdoc cref="Tasks"/>
    public static TaskTree Tree(EventLoop loop) => TaskTree.Of(GraphOf(loop));

    /// <summary>
    /// Tasks that wait for each other, at least one cycle for each set. Locks have no owner, so
    /// their deadlocks are not found.
    /// </summary>
    /// <inheritdoc cref="Tasks"/>
    public static IReadOnlyList<TaskCycle> FindDeadlocks(EventLoop loop) =>
        DeadlockFinder.Find(GraphOf(loop));

    internal static void CheckThread(CoroutineScheduler scheduler)
    {
        if (scheduler is EventLoop { IsRunning: true, IsOwnThread: false })
        {
            throw new InvalidOperationException(
                "The loop runs on another thread: ask there, with loop.CallSoonThreadSafe.");
        }
    }

    private static AwaitGraph GraphOf(EventLoop loop)
    {
        ArgumentNullException.ThrowIfNull(loop);
        CheckThread(loop);
        return AwaitGraph.Of(loop);
    }
}
