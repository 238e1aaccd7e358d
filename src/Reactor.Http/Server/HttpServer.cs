using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Serves the connections of an application on one loop, and shuts them down. Made by
/// <see cref="ApplicationServing.MakeHandler"/> for <c>loop.CreateServer</c>.
/// </summary>
/// <remarks>Loop thread only.</remarks>
public sealed class HttpServer : IConnectionHandler, IIdleConnections
{
    private readonly IServerLifetime _lifetime;
    private bool _isStarted;

    internal HttpServer(
        IRequestDispatcher dispatcher,
        IServerLifetime lifetime,
        HttpServerOptions options,
        ResponseHeaders? defaultHeaders,
        LoopThieves? thieves = null)
    {
        _lifetime = lifetime;
        Options = options;
        Context = new ServerContext(options, defaultHeaders, thieves);
        Host = new ConnectionHost(Context, new ExchangePool(dispatcher, Context));
    }

    /// <summary>The options of this server.</summary>
    public HttpServerOptions Options { get; }

    /// <summary>True once <see cref="ShutdownAsync"/> was called: responses say close.</summary>
    public bool IsShuttingDown => Context.IsShuttingDown;

    /// <summary>The number of open connections.</summary>
    public int ConnectionCount => Host.Connections.Count;

    internal ServerContext Context { get; }

    internal ConnectionHost Host { get; }

    /// <inheritdoc/>
    bool IIdleConnections.TryCloseIdle(LoopServer server, TimeSpan idleMin) =>
        Host.Connections.TryCloseIdle(server, idleMin);

    /// <inheritdoc/>
    public Coroutine ServeAsync(Connection connection) =>
        new HttpConnection(Host, connection).ServeAsync();

    /// <summary>
    /// Enters the cleanup contexts, runs <see cref="Application.OnStartup"/> and begins the
    /// background tasks, once. Call it before the listeners open (aiohttp: <c>runner.setup</c>).
    /// </summary>
    public async Coroutine StartupAsync()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            await _lifetime.StartupAsync();
        }
    }

    /// <summary>
    /// Shuts the server down (aiohttp: <c>runner.cleanup</c>): accepts the backlog, stops
    /// listening, closes idle connections, runs <see cref="Application.OnShutdown"/>, completes
    /// requests in progress, cancels their handlers after
    /// <see cref="HttpServerShutdown.Timeout"/>, ends the background tasks, runs
    /// <see cref="Application.OnCleanup"/>, and exits the cleanup contexts. Completes when all
    /// connections and hooks have ended, or after <see cref="HttpServerShutdown.CancelTimeout"/>. A
    /// request is in progress once a byte of it was received, or its client was in the backlog.
    /// </summary>
    public async Coroutine ShutdownAsync(params IReadOnlyList<LoopServer> servers)
    {
        ArgumentNullException.ThrowIfNull(servers);
        await new GracefulShutdown(Host, _lifetime, servers).RunAsync();
    }

    /// <summary>
    /// Runs <see cref="StartupAsync"/> if it has not run, serves until SIGINT or SIGTERM, then
    /// shuts down; a second signal ends the process. SIGHUP is ignored. Shutdown and end of the
    /// loop take at most <see cref="HttpServerShutdown.Timeout"/> and
    /// <see cref="HttpServerShutdown.CancelTimeout"/> together.
    /// </summary>
    /// <exception cref="ListenerException">
    /// A listener failed; the server has shut down first. So it has for the exception of a
    /// background task with <c>CrashPolicy.ShutDown</c>.
    /// </exception>
    public async Coroutine ServeUntilSignalAsync(params IReadOnlyList<LoopServer> servers)
    {
        ArgumentNullException.ThrowIfNull(servers);
        using PosixSignalRegistration hangUp = EndOfProcess.IgnoreHangUp();
        EventLoop loop = EventLoop.Current;
        loop.EndBy = null; // a program may serve again
        await StartupAsync();
        Future<PosixSignal> signal = loop.NextSignalAsync(PosixSignal.SIGINT, PosixSignal.SIGTERM);
        try
        {
            await EventLoop.Wait<Future>(
                [signal, WaitCrashedAsync(), .. servers.Select(one => one.WaitFailedAsync())],
                until: WaitUntil.FirstCompleted);
        }
        finally
        {
            signal.Cancel();
        }

        EndOfProcess.Begin(loop, Options);
        await ShutdownAsync(servers);
        ThrowIfFailed(servers);
    }

    /// <summary>Completes with an exception for which the server must shut down.</summary>
    internal Future<Exception> WaitCrashedAsync() => _lifetime.WaitCrashedAsync();

    internal void ThrowIfFailed(IReadOnlyList<LoopServer> servers)
    {
        if (servers.FirstOrDefault(server => server.Failure is not null) is { } failed)
        {
            throw failed.Failure!;
        }

        if (WaitCrashedAsync() is { IsDone: true } crashed)
        {
            ExceptionDispatchInfo.Throw(crashed.Result);
        }
    }

    /// <summary>Undoes a start that failed after <see cref="StartupAsync"/>.</summary>
    internal Coroutine AbandonStartAsync(List<LoopServer> servers)
    {
        servers.ForEach(server => server.Close());
        return _lifetime.CleanupAsync();
    }
}
