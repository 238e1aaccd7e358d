using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Serves the connections of an application on one loop, and shuts them down. Made by
/// <see cref="Application.MakeHandler"/> for <c>loop.CreateServer</c>.
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
        ResponseHeaders? defaultHeaders)
    {
        _lifetime = lifetime;
        Options = options;
        Logger = LogQueue.Wrap(options.Log.LoggerFactory, "Reactor.Http.Server");
        Context = new ServerContext(options, Logger, defaultHeaders);
        Host = new ConnectionHost(Context, new ExchangePool(dispatcher, Context));
    }

    /// <summary>The options of this server.</summary>
    public HttpServerOptions Options { get; }

    /// <summary>True once <see cref="ShutdownAsync"/> was called: responses say close.</summary>
    public bool IsShuttingDown => Context.IsShuttingDown;

    /// <summary>The number of open connections.</summary>
    public int ConnectionCount => Host.Connections.Count;

    internal IReadOnlyCollection<OpenConnection> OpenConnections => Host.Connections;

    internal ServerContext Context { get; }

    internal ConnectionHost Host { get; }

    /// <summary>For lines that no client can cause; others go to ClientLines.</summary>
    internal ILogger Logger { get; }

    /// <inheritdoc/>
    bool IIdleConnections.TryCloseIdle(LoopServer server, TimeSpan idleMin) =>
        Host.Connections.TryCloseIdle(server, idleMin);

    /// <summary>Releases what is pooled for later requests.</summary>
    internal void ReleaseExchanges()
    {
        Host.Exchanges.Clear();
        Context.Trim();
    }

    /// <inheritdoc cref="ServerContext.GuardOf"/>
    internal OverloadGuard GuardOf(EventLoop loop) => Context.GuardOf(loop);

    /// <inheritdoc cref="ServerContext.BudgetOf"/>
    internal BodyBudget BudgetOf(EventLoop loop) => Context.BudgetOf(loop);

    /// <inheritdoc/>
    public Coroutine ServeAsync(Connection connection) => new HttpConnection(Host, connection).ServeAsync();

    /// <summary>
    /// Runs <see cref="Application.OnStartup"/>, once. Call it before the listeners open (aiohttp:
    /// <c>runner.setup</c>).
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
    /// <see cref="HttpServerShutdown.Timeout"/>, and runs <see cref="Application.OnCleanup"/>.
    /// Completes when all connections and hooks have ended, or after
    /// <see cref="HttpServerShutdown.CancelTimeout"/>. A request is in progress once a byte of it
    /// was received, or its client was in the backlog.
    /// </summary>
    /// <param name="servers">The listeners of this server.</param>
    public async Coroutine ShutdownAsync(params IReadOnlyList<LoopServer> servers)
    {
        ArgumentNullException.ThrowIfNull(servers);
        Context.IsShuttingDown = true;
        EventLoop loop = EventLoop.Current;
        TimeSpan begun = loop.Time;
        await BacklogDrain.RunAsync(servers, Options.Shutdown.AcceptTime);
        foreach (OpenConnection idle in OpenConnections.Where(one => !one.IsBusy))
        {
            idle.TryCloseIdle(ConnectionEvent.Shutdown);
        }

        HttpLog.ShuttingDown(
            Logger,
            OpenConnections.Count(connection => !connection.IsClosed),
            OpenConnections.Count(connection => connection.IsServing));
        try
        {
            LoopTask hooks = loop.CreateTask(_lifetime.ShutdownAsync(), "on_shutdown");
            await EventLoop.Wait([hooks], timeout: Options.Shutdown.Timeout);
            hooks.Cancel("OnShutdown took longer than Shutdown.Timeout.");
            TimeSpan left = begun + Options.Shutdown.Timeout - loop.Time;
            await EndConnections(servers, left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
        finally
        {
            ReleaseExchanges();
            Context.Lines.End();
            LoopTask hooks = loop.CreateTask(_lifetime.CleanupAsync(), "on_cleanup");
            await EventLoop.Wait([hooks], timeout: Options.Shutdown.LeftOfEnd(loop.Time - begun));
            hooks.Cancel("OnCleanup took longer than the end of the server may.");
        }
    }

    /// <summary>
    /// Runs <see cref="StartupAsync"/> if it has not run, serves until SIGINT or SIGTERM, then shuts
    /// down; a second signal ends the process. SIGHUP is ignored. Shutdown and end of the loop take
    /// at most <see cref="HttpServerShutdown.Timeout"/> and
    /// <see cref="HttpServerShutdown.CancelTimeout"/> together.
    /// </summary>
    /// <param name="servers">The listeners of this server.</param>
    /// <exception cref="ListenerException">
    /// A listener failed; the server has shut down first.
    /// </exception>
    public async Coroutine ServeUntilSignalAsync(params IReadOnlyList<LoopServer> servers)
    {
        ArgumentNullException.ThrowIfNull(servers);
        using PosixSignalRegistration hangUp = EndOfProcess.IgnoreHangUp();
        EventLoop.Current.EndBy = null; // a program may serve again
        await StartupAsync();
        Future<PosixSignal> signal =
            EventLoop.Current.NextSignalAsync(PosixSignal.SIGINT, PosixSignal.SIGTERM);
        try
        {
            await EventLoop.Wait<Future>(
                [signal, .. servers.Select(server => server.WaitFailedAsync())],
                until: WaitUntil.FirstCompleted);
        }
        finally
        {
            signal.Cancel();
        }

        EndOfProcess.Begin(EventLoop.Current, Options);
        await ShutdownAsync(servers);
        ThrowIfFailed(servers);
    }

    /// <summary>Throws the failure of a listener, if there is one.</summary>
    internal static void ThrowIfFailed(IReadOnlyList<LoopServer> servers)
    {
        foreach (LoopServer server in servers)
        {
            if (server.Failure is { } failure)
            {
                throw failure;
            }
        }
    }

    /// <summary>Undoes a start that failed after <see cref="StartupAsync"/>: no client waits.</summary>
    internal Coroutine GiveUpAsync(List<LoopServer> servers)
    {
        servers.ForEach(server => server.Close());
        return _lifetime.CleanupAsync();
    }

    private async Coroutine EndConnections(IReadOnlyList<LoopServer> servers, TimeSpan timeout)
    {
        Future<Unit>[] closed = [.. servers.Select(server => server.WaitClosedAsync())];
        await EventLoop.Wait(closed, timeout: timeout);
        if (OpenConnections.Count == 0)
        {
            CloseListeners();
            return;
        }

        int open = OpenConnections.Count(connection => !connection.IsClosed);
        int cancelled = OpenConnections.ToArray().Count(connection => connection.CutShort());
        HttpLog.Cancelling(Logger, Options.Shutdown.Timeout, open, cancelled);
        await EventLoop.Wait(closed, timeout: Options.Shutdown.CancelledHandlerTimeout);
        CloseListeners();
        foreach (OpenConnection connection in OpenConnections)
        {
            connection.Abort(); // itself, so that acknowledged bytes count as delivered
        }

        foreach (LoopServer server in servers)
        {
            server.AbortClients();
        }

        await EventLoop.Wait(closed);

        void CloseListeners() // of a server whose backlog could not be emptied
        {
            foreach (LoopServer server in servers)
            {
                server.Close();
            }
        }
    }
}
