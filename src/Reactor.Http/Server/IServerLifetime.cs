namespace Reactor.Http;

/// <summary>What a server calls when it starts and when it ends; each on its loop, once.</summary>
internal interface IServerLifetime
{
    /// <summary>Before the listeners are opened; an exception ends the start.</summary>
    Coroutine StartupAsync();

    /// <summary>When the listeners are closed and requests may still be in progress.</summary>
    Coroutine ShutdownAsync();

    /// <summary>When the last connection is closed.</summary>
    Coroutine CleanupAsync();

    /// <summary>Completes with an exception for which the server shuts down and throws.</summary>
    Future<Exception> WaitCrashedAsync();
}
