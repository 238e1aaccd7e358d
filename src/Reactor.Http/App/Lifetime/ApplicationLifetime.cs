namespace Reactor.Http;

/// <summary>
/// The life of an application on one loop, with all that is mounted in it. Start: for each
/// application, from the outermost in, its cleanup contexts and then its OnStartup hooks; then the
/// background tasks. End: the background tasks; then for each application, in reverse, its
/// OnCleanup hooks and then its contexts, in reverse.
/// </summary>
/// <remarks>
/// Loop thread only, once. A failed start exits the contexts that were entered; a stop meanwhile
/// leaves them the time of the shutdown.
/// </remarks>
internal sealed class ApplicationLifetime(Application application, HttpServerOptions options)
    : IServerLifetime
{
    private readonly List<(Application Owner, CleanupContext Context)> _contexts = [];
    private BackgroundTasks? _background;
    private bool _isShutDown;
    private bool _isCleanedUp;

    private IEnumerable<Application> Applications => application.Mounts.Tree;

    public Future<Exception> WaitCrashedAsync() => Background.WaitCrashedAsync();

    public async Coroutine StartupAsync()
    {
        application.Lifetimes.Begin(Background);
        SetStates(isOpen: true);
        try
        {
            foreach (Application one in Applications)
            {
                await StartAsync(one);
            }
        }
        catch (Exception error) when (error is not LoopAbortException)
        {
            await Background.EndAsync(TimeSpan.Zero);
            await UndoAsync(isStopped: error is LoopCanceledException);
            throw;
        }

        SetStates(isOpen: false);
        Background.Start(Applications.SelectMany(one => one.BackgroundWork));
    }

    public async Coroutine ShutdownAsync()
    {
        if (_isShutDown)
        {
            return; // a program may shut down once more, in a finally
        }

        _isShutDown = true;
        foreach (Application one in Applications.Reverse())
        {
            await RunAll(one, one.OnShutdown);
        }
    }

    public async Coroutine CleanupAsync()
    {
        if (_isCleanedUp)
        {
            return;
        }

        _isCleanedUp = true;
        SetStates(isOpen: true); // a context may take its value away
        try
        {
            await Background.EndAsync(options.Shutdown.CancelledHandlerTimeout);
            foreach (Application one in Applications.Reverse())
            {
                await RunAll(one, one.OnCleanup);
                await ExitAsync(one);
            }
        }
        finally
        {
            await ExitAllAsync(); // those that a cancellation has left, because the time is over
            application.Lifetimes.End(Background);
        }
    }

    // Made for the loop that serves: MakeHandler may be called where none runs.
    private BackgroundTasks Background => _background ??= new BackgroundTasks(EventLoop.Current);

    private async Coroutine StartAsync(Application one)
    {
        foreach (Func<Application, IAsyncEnumerable<Unit>> context in one.CleanupContexts)
        {
            _contexts.Add((one, await CleanupContext.EnterAsync(context, one)));
        }

        foreach (Func<Application, Coroutine> hook in one.OnStartup)
        {
            await hook(one);
        }
    }

    // In a task of its own: a cancellation would leave the exit of one context behind, and begin
    // those of the contexts that it uses.
    private async Coroutine UndoAsync(bool isStopped)
    {
        TimeSpan limit = options.Shutdown.LeftOfEnd(TimeSpan.Zero);
        LoopTask exits = EventLoop.Spawn(ExitAllAsync(), "on_cleanup");
        try
        {
            await EventLoop.Wait([exits], timeout: isStopped ? limit : null);
        }
        catch (LoopCanceledException)
        {
            await EventLoop.Wait([exits], timeout: limit); // then the start throws its own error
        }
        finally
        {
            exits.Cancel("The cleanup of the start took longer than the end of the server may.");
            application.Lifetimes.End(Background);
        }
    }

    private async Coroutine ExitAsync(Application one)
    {
        while (_contexts.Count > 0 && _contexts[^1].Owner == one)
        {
            CleanupContext context = _contexts[^1].Context;
            _contexts.RemoveAt(_contexts.Count - 1);
            await context.ExitAsync();
        }
    }

    private async Coroutine ExitAllAsync()
    {
        while (_contexts.Count > 0)
        {
            await ExitAsync(_contexts[^1].Owner);
        }
    }

    private void SetStates(bool isOpen)
    {
        foreach (Application one in Applications)
        {
            one.State.IsOpen = isOpen;
        }
    }

    /// <summary>Runs every hook; a failure is reported and does not stop the others.</summary>
    private static async Coroutine RunAll(
        Application one, IEnumerable<Func<Application, Coroutine>> hooks)
    {
        foreach (Func<Application, Coroutine> hook in hooks)
        {
            try
            {
                await hook(one);
            }
            catch (Exception error)
                when (error is not LoopCanceledException and not LoopAbortException)
            {
                EventLoop.Current.Report(new LoopErrorContext
                {
                    Message = "Exception in a hook of the application's end: catch it there.",
                    Exception = error,
                });
            }
        }
    }
}
