namespace Reactor.Http;

/// <content>
/// Work beside the requests: before the application is served it is kept for every loop, then it
/// goes to the tasks of the running loop.
/// </content>
public sealed partial class Application
{
    private readonly List<BackgroundWork> _background = [];

    internal IReadOnlyList<BackgroundWork> BackgroundWork => _background;

    /// <summary>The running background tasks; those of the outermost application count.</summary>
    internal LifetimeSet Lifetimes { get; } = new();

    /// <summary>
    /// Runs work in a task of its own, beside the requests, on each loop that serves. It begins
    /// after <see cref="OnStartup"/>, or in the next turn if the application is being served. When
    /// the last connection has closed, it is cancelled and awaited; then <see cref="OnCleanup"/>
    /// runs and the <see cref="CleanupContexts"/> are exited.
    /// </summary>
    /// <remarks>
    /// Before the application is served: the thread that sets it up. Then the loop thread only.
    /// Work that does not end within seven tenths of <see cref="HttpServerShutdown.CancelTimeout"/>
    /// is reported and left behind.
    /// </remarks>
    /// <param name="name">The name of the task, for messages and diagnostics.</param>
    /// <param name="work">
    /// A coroutine method; gets this application. Returning ends the task, whatever the policy.
    /// </param>
    /// <param name="onCrash">What follows if it throws. Default: the exception is reported.</param>
    /// <exception cref="InvalidOperationException">
    /// The server is at its end, or serves on other threads only.
    /// </exception>
    public void Spawn(
        string name, Func<Application, Coroutine> work, CrashPolicy? onCrash = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(work);
        var background = new BackgroundWork(name, this, work, onCrash ?? CrashPolicy.Report);
        if (Mounts.Outermost.Lifetimes.Find(name) is { } running)
        {
            running.Add(background);
            return;
        }

        _background.Add(background);
    }
}
