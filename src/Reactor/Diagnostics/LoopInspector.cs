namespace Reactor.Diagnostics;

/// <summary>
/// What the tasks of a loop are doing, for people: as a table, as a tree, and the deadlocks among
/// them (asyncio: <c>python -m asyncio ps</c> and <c>pstree</c>).
/// </summary>
/// <remarks>
/// Loop thread only, or while the loop does not run: from elsewhere, post the question with
/// <c>loop.CallSoonThreadSafe</c>. Nothing is kept for it while nobody asks; an answer takes time
/// in proportion to the tasks and their stacks.
/// </remarks>
public static class LoopInspector
{
    /// <summary>One row for each unfinished task, oldest first.</summary>
    /// <exception cref="InvalidOperationException">The loop runs on another thread.</exception>
    public static TaskTable Tasks(EventLoop loop)
    {
        AwaitGraph graph = GraphOf(loop);
        return TaskTable.Of(graph, loop.ThreadId);
    }

    /// <summary>
    /// Who waits for whom: the roots are tasks that nobody awaits, below each frame is what it
    /// waits for.
    /// </summary>
    /// <exception cref="InvalidOperationException">The loop runs on another thread.</exception>
    public static TaskTree Tree(EventLoop loop) => TaskTree.Of(GraphOf(loop));

    /// <summary>
    /// The tasks that wait for one another and for nothing else, at least one cycle for each set
    /// of them. Tasks that merely wait for such a task are stuck as well, and not listed. A lock
    /// has no owner, so two tasks that wait for each other's locks are not found.
    /// </summary>
    /// <exception cref="InvalidOperationException">The loop runs on another thread.</exception>
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
