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

    /// <summary>
    /// True once <see cref="Shutdown"/> was called: answers end their connections.
    /// </summary>
    public bool IsShuttingDown => Context.IsShuttingDown;

    /// <summary>Connections that are open.</summary>
    public int ConnectionCount => Host.Connections.Count;

    internal IReadOnlyCollection<OpenConnection> OpenConnections => Host.Connections;

    internal ServerContext Context { get; }

    internal ConnectionHost Host { get; }

    /// <summary>
    /// For lines that no client can cause; all others go to <see cref="ClientLines"/>.
    /// </summary>
    internal ILogger Logger { get; }

    /// <inheritdoc/>
    bool IIdleConnections.TryCloseIdle(LoopServer server, TimeSpan idleMin) =>
        Host.Connections.TryCloseIdle(server, idleMin);

    /// <summary>Gives back what is kept for later requests.</summary>
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
    public Coroutine Serve(Connection connection) => new HttpConnection(Host, connection).Serve();

    /// <summary>
    /// Runs <see cref="Application.OnStartup"/>, once; before the listeners are opened, so that no
    /// request comes earlier (aiohttp: <c>runner.setup</c>).
    /// </summary>
    public async Coroutine Startup()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            await _lifetime.Startup();
        }
    }

    /// <summary>
    /// Ends the server in order (aiohttp: <c>runner.cleanup</c>): lets no new clients in, accepts
    /// those that were let in already, stops listening, closes idle connections, runs
    /// <see cref="Application.OnShutdown"/>, lets begun requests finish, after
    /// <see cref="HttpServerShutdown.Timeout"/> cancels their handlers, and runs
    /// <see cref="Application.OnCleanup"/>. Completes when every connection is closed and the
    /// hooks have ended, or when <see cref="HttpServerShutdown.CancelTimeout"/> is over. A request
    /// has begun when a byte of it has come, or its client was let in.
    /// </summary>
    /// <param name="servers">The listeners that feed this.</param>
    public async Coroutine Shutdown(params IReadOnlyList<LoopServer> servers)
    {
        ArgumentNullException.ThrowIfNull(servers);
        Context.IsShuttingDown = true;
        EventLoop loop = EventLoop.Current;
        TimeSpan begun = loop.Time;
        await BacklogDrain.Run(servers, Options.Shutdown.AcceptTime);
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
            LoopTask hooks = loop.CreateTask(_lifetime.Shutdown(), "on_shutdown");
            await EventLoop.Wait([hooks], timeout: Options.Shutdown.Timeout);
            hooks.Cancel("OnShutdown took longer than Shutdown.Timeout.");
            TimeSpan left = begun + Options.Shutdown.Timeout - loop.Time;
            await EndConnections(servers, left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
        finally
        {
            ReleaseExchanges();
            Context.Lines.End();
            LoopTask hooks = loop.CreateTask(_lifetime.Cleanup(), "on_cleanup");
            await EventLoop.Wait([hooks], timeout: Options.Shutdown.LeftOfEnd(loop.Time - begun));
            hooks.Cancel("OnCleanup took longer than the end of the server may.");
        }
    }

    /// <summary>
    /// Serves until SIGINT or SIGTERM, then shuts down in order; a second signal ends the process
    /// as the platform does. SIGHUP is ignored. Runs <see cref="Startup"/> first if it has not run.
    /// The loop's end is bounded too: with the shutdown it takes no longer than
    /// <see cref="HttpServerShutdown.Timeout"/> and
    /// <see cref="HttpServerShutdown.CancelTimeout"/> together.
    /// </summary>
    /// <param name="servers">The listeners that feed this.</param>
    /// <exception cref="ListenerException">
    /// A listener failed; this ends the server in order, as a signal does.
    /// </exception>
    public async Coroutine ServeUntilSignal(params IReadOnlyList<LoopServer> servers)
    {
        ArgumentNullException.ThrowIfNull(servers);
        using PosixSignalRegistration hangUp = EndOfProcess.IgnoreHangUp();
        EventLoop.Current.EndBy = null; // a program that serves again was not at its end
        await Startup();
        Future<PosixSignal> signal =
            EventLoop.Current.NextSignal(PosixSignal.SIGINT, PosixSignal.SIGTERM);
        try
        {
            await EventLoop.Wait<Future>(
                [signal, .. servers.Select(server => server.WaitFailed())],
                until: WaitUntil.FirstCompleted);
        }
        finally
        {
            signal.Cancel();
        }

        EndOfProcess.Begin(EventLoop.Current, Options);
        await Shutdown(servers);
        ThrowIfFailed(servers);
    }

    /// <summary>Throws why a listener failed, if one did.</summary>
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

    /// <summary>
    /// Ends a start of which a later part has failed: nobody was served, so there is nobody to wait
    /// for, and only what <see cref="Application.OnStartup"/> made is given back.
    /// </summary>
    internal Coroutine GiveUp(List<LoopServer> servers)
    {
        servers.ForEach(server => server.Close());
        return _lifetime.Cleanup();
    }

    private async Coroutine EndConnections(IReadOnlyList<LoopServer> servers, TimeSpan timeout)
    {
        Future<Unit>[] closed = [.. servers.Select(server => server.WaitClosed())];
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
            connection.Abort(); // itself, so that what was acknowledged counts as delivered
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
