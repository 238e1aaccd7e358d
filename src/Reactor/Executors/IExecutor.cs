namespace Reactor;

/// <summary>
/// Runs work on other threads, off the loop thread (asyncio: <c>concurrent.futures.Executor</c>).
/// </summary>
/// <remarks>
/// An implementation need not flow the caller's context; <c>RunInExecutor</c> does that.
/// </remarks>
public interface IExecutor
{
    /// <summary>Runs <paramref name="work"/> once on another thread. Any thread.</summary>
    /// <param name="work">
    /// The work. In a process with a loop, an unhandled exception is logged and does not end the
    /// process; an exception of a function given to <c>RunInExecutor</c> goes to its future.
    /// </param>
    /// <exception cref="InvalidOperationException">The executor was shut down.</exception>
    void Submit(Action work);

    /// <summary>
    /// As <see cref="Submit(Action)"/>, for an executor that may drop work before it starts and
    /// then calls <paramref name="dropped"/> instead, on any thread. Any thread.
    /// </summary>
    /// <exception cref="InvalidOperationException">The executor was shut down.</exception>
    void Submit(Action work, Action dropped) => Submit(work);

    /// <summary>
    /// Rejects new work; submitted work still runs. Does not wait. Idempotent. Any thread.
    /// </summary>
    void Shutdown();

    /// <summary>
    /// Completes when the executor is shut down and its work is done; <c>ShutdownExecutor</c>
    /// awaits it. The default is completed. Any thread.
    /// </summary>
    Task Completion => Task.CompletedTask;
}
