namespace Reactor.Http;

/// <summary>Runs the hooks of an application when its server starts and ends.</summary>
internal sealed class ApplicationHooks(Application application) : IServerLifetime
{
    public async Coroutine StartupAsync()
    {
        foreach (Func<Application, Coroutine> hook in application.OnStartup)
        {
            await hook(application);
        }
    }

    public Coroutine ShutdownAsync() => RunAll(application.OnShutdown);

    public Coroutine CleanupAsync() => RunAll(application.OnCleanup);

    /// <summary>Runs every hook; a failure is reported and does not stop the others.</summary>
    private async Coroutine RunAll(IEnumerable<Func<Application, Coroutine>> hooks)
    {
        foreach (Func<Application, Coroutine> hook in hooks)
        {
            try
            {
                await hook(application);
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
