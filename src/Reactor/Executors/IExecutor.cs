namespace Reactor;

/// <summary>
/// Runs work on other threads, off the loop thread (asyncio: <c>concurrent.futures.Executor</c>).
/// </summary>
/// <remarks><c>RunInExecutor</c> flows the caller's context.</remarks>
public interface IExecutor
{
    /// <summary>Runs <paramref name="work"/> once on another thread. Any thread.</summary>
    /// <param name="work">
    /// The work. In a process with a loop an unhandled exception is logged.
    /// </param>
    /// <exception cref="InvalidOperationException">The executor was shut down.</exception>
    void Submit(Action work);

    /// <summary>
    /// As <see cref="Submit(Action)"/>; an executor that drops the work calls <paramref
    /// name="dropped"/> instead, on any thread. Any thread.
    /// </summary>
    /// <exception cref="InvalidOperationException">The executor was shut down.</exception>
    void Submit(Action work, Action dropped) => Submit(work);

    /// <summary>
    /// Rejects new work; submitted work still runs. Does not wait. Idempotent. Any thread.
    /// </summary>
    void Shutdown();

    /// <summary>
    /// Completes when the executor is shut down and its work is done. Any thread.
    /// </summary>
    Task Completion => Task.CompletedTask;
}
