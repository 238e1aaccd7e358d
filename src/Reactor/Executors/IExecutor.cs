namespace Reactor;

/// <summary>
/// Runs work on other threads, so that the loop's thread need not wait for it (asyncio:
/// <c>concurrent.futures.Executor</c>).
/// </summary>
/// <remarks>
/// It need not carry the caller's context to the work: <c>RunInExecutor</c> does that, whoever runs
/// it.
/// </remarks>
public interface IExecutor
{
    /// <summary>Has <paramref name="work"/> run on another thread, once. Any thread.</summary>
    /// <param name="work">
    /// What to run. An exception that leaves it is logged on standard error and does not end a
    /// process that has a loop; the one of a function given to <c>RunInExecutor</c> goes to its
    /// future.
    /// </param>
    /// <exception cref="InvalidOperationException">The executor was shut down.</exception>
    void Submit(Action work);

    /// <summary>
    /// The same, for an executor that may give up work before it began: it then calls
    /// <paramref name="dropped"/> instead, on any thread. Any thread.
    /// </summary>
    /// <exception cref="InvalidOperationException">The executor was shut down.</exception>
    void Submit(Action work, Action dropped) => Submit(work);

    /// <summary>
    /// Refuses new work; what was submitted still runs. Does not wait. Again is harmless. Any
    /// thread.
    /// </summary>
    void Shutdown();

    /// <summary>
    /// Ends once the executor was shut down and its work is done: what <c>ShutdownExecutor</c>
    /// waits for. An executor that cannot tell has always ended. Any thread.
    /// </summary>
    Task Completion => Task.CompletedTask;
}
