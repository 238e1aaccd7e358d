namespace Reactor;

/// <summary>
/// Runs work on other threads, so that the loop's thread need not wait for it (asyncio:
/// <c>concurrent.futures.Executor</c>).
/// </summary>
public interface IExecutor
{
    /// <summary>Has <paramref name="work"/> run on another thread, once. Any thread.</summary>
    /// <exception cref="InvalidOperationException">The executor was shut down.</exception>
    void Submit(Action work);

    /// <summary>
    /// Refuses new work; what was submitted still runs. Does not wait. Again is harmless.
    /// </summary>
    void Shutdown();
}
