namespace Reactor.Diagnostics;

/// <summary>
/// Shows the tasks of a loop as a table or a tree, and finds deadlocks (asyncio:
/// <c>python -m asyncio ps</c> and <c>pstree</c>).
/// </summary>
/// <remarks>
/// Loop thread only, or while the loop does not run. Costs nothing while unused; a call takes time
/// in proportion to the tasks and their stacks.
/// </remarks>
public static class LoopInspector
{
    /// <summary>A row for each unfinished task, oldest first.</summary>
    /// <exception cref="InvalidOperationException">The loop runs on another thread.</exception>
    public static TaskTable Tasks(EventLoop loop)
    {
        AwaitGraph graph = GraphOf(loop);
        return TaskTable.Of(graph, loop.ThreadId);
    }

    /// <summary>
    /// The await tree: the roots are tasks that no task awaits; below a frame is what it waits for.
    /// </summary>
    /// <exception cref="InvalidOperationException">The loop runs on another thread.</exception>
    public static TaskTree Tree(EventLoop loop) => TaskTree.Of(GraphOf(loop));

    /// <summary>
    /// Tasks that wait for each other, at least one cycle for each set. Tasks that wait for such a
    /// cycle are not listed. Locks have no owner, so deadlocks of locks are not found.
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
