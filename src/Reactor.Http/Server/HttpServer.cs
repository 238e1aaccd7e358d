using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// An application on one loop: serves each connection, knows which of them are busy, and ends them
/// in order. Made by <see cref="Application.MakeHandler"/> and given to <c>loop.CreateServer</c>.
/// </summary>
/// <remarks>Loop thread only.</remarks>
public sealed class HttpServer : IConnectionHandler, IIdleConnections
{
    /// <summary>
    /// Exchanges that are kept for later, with some 1.4 KiB each and never more than 5: where
    /// thousands of handlers wait, so many may end in one turn and begin in the next.
    /// </summary>
    private const int KeptExchangesMax = 512;

    private readonly OpenConnections _connections = new();
    private readonly IServerLifetime _lifetime;
    private OverloadGuard? _guard;
    private BodyBudget? _budget;
    private Exchange? _exchanges;
    private int _exchangeCount;
    private bool _isStarted;

    internal HttpServer(
        IRequestDispatcher dispatcher, IServerLifetime lifetime, HttpServerOptions options)
    {
        options = options.WithoutInfinite();
        options.ThrowIfInvalid();
        Dispatcher = dispatcher;
        _lifetime = lifetime;
        Options = options;
        Logger = LogQueue.Wrap(options.LoggerFactory, "Reactor.Http.Server");
        Lines = new ClientLines(Logger, options);
        AccessLog = options.MakeAccessLog();
        Heads = new HeadCache(this);
        ServerName = options.ServerName is { } name ? Encoding.ASCII.GetBytes(name) : null;
    }

    /// <summary>The limits and habits of this server.</summary>
    public HttpServerOptions Options { get; }

    /// <summary>
    /// True once <see cref="Shutdown"/> was called: answers end their connections.
    /// </summary>
    public bool IsShuttingDown { get; private set; }

    /// <summary>Connections that are open.</summary>
    public int ConnectionCount => _connections.Count;

    internal IReadOnlyCollection<HttpConnection> OpenConnections => _connections;

    /// <summary>For lines that no client can cause; all others go to <see cref="Lines"/>.</summary>
    internal ILogger Logger { get; }

    /// <summary>Logs what clients cause.</summary>
    internal ClientLines Lines { get; }

    internal Action<AccessRecord>? AccessLog { get; }

    /// <summary>Records that wait for their next request.</summary>
    internal RecordPool Records { get; } = new();

    internal DateCache Date { get; } = new();

    /// <summary>Finds the endpoints of requests.</summary>
    internal IRequestDispatcher Dispatcher { get; }

    /// <summary>What most answers begin with.</summary>
    internal HeadCache Heads { get; }

    /// <summary>The value of the Server field; null: none is sent.</summary>
    internal byte[]? ServerName { get; }

    /// <summary>A connection begins.</summary>
    internal void Add(HttpConnection connection)
    {
        _connections.Add(connection);
        HttpMetrics.Connected(1);
        Lines.Opened(connection);
    }

    /// <summary>A connection has become idle.</summary>
    internal void NoteIdle(HttpConnection connection) => _connections.MoveToEnd(connection);

    /// <inheritdoc/>
    bool IIdleConnections.TryCloseIdle(LoopServer server, TimeSpan idleMin) =>
        _connections.TryCloseIdle(server, idleMin);

    /// <summary>A connection ends.</summary>
    internal void Remove(HttpConnection connection)
    {
        _connections.Remove(connection);
        HttpMetrics.Connected(-1);
        Lines.Closed(connection);
    }

    /// <summary>What a connection needs for a request, the warmest first.</summary>
    internal Exchange RentExchange(HttpConnection owner)
    {
        if (_exchanges is { } exchange)
        {
            _exchanges = exchange.Next;
            _exchangeCount--;
        }
        else
        {
            _ = BudgetOf(owner.Loop); // made later, its timers would keep a handler's values
            exchange = new Exchange(this, GuardOf(owner.Loop));
        }

        exchange.Attach(owner);
        return exchange;
    }

    /// <summary>The request is over; one of which something is left is not used again.</summary>
    internal void Return(Exchange exchange)
    {
        bool isClean = exchange.IsClean;
        exchange.Detach();
        if (isClean && _exchangeCount < KeptExchangesMax)
        {
            exchange.Next = _exchanges;
            _exchanges = exchange;
            _exchangeCount++;
        }
        else
        {
            exchange.Release();
        }
    }

    /// <summary>Gives back the arrays that the kept exchanges have rented.</summary>
    internal void ReleaseExchanges()
    {
        for (Exchange? exchange = _exchanges; exchange is not null; exchange = exchange.Next)
        {
            exchange.Release();
        }

        _exchanges = null;
        _exchangeCount = 0;
        _budget?.Blocks.Clear();
    }

    /// <summary>What turns requests away; made for the loop of the first connection.</summary>
    internal OverloadGuard GuardOf(EventLoop loop) =>
        _guard ??= new OverloadGuard(loop, Options);

    /// <summary>
    /// The memory of all bodies together; made for the loop of the first connection.
    /// </summary>
    internal BodyBudget BudgetOf(EventLoop loop) => _budget ??= new BodyBudget(this, loop);

    /// <inheritdoc/>
    public Coroutine Serve(Connection connection) => new HttpConnection(this, connection).Serve();

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
    /// <see cref="HttpServerOptions.ShutdownTimeout"/> cancels their handlers, and runs
    /// <see cref="Application.OnCleanup"/>. Completes when every connection is closed and the
    /// hooks have ended, or when <see cref="HttpServerOptions.CancelTimeout"/> is over. A request
    /// has begun when a byte of it has come, or its client was let in.
    /// </summary>
    /// <param name="servers">The listeners that feed this.</param>
    public async Coroutine Shutdown(params IReadOnlyList<LoopServer> servers)
    {
        ArgumentNullException.ThrowIfNull(servers);
        IsShuttingDown = true;
        EventLoop loop = EventLoop.Current;
        TimeSpan begun = loop.Time;
        await BacklogDrain.Run(servers, Options.ShutdownAcceptTime);
        foreach (HttpConnection idle in _connections.Where(one => !one.IsBusy))
        {
            idle.TryCloseIdle(ConnectionEvent.Shutdown);
        }

        HttpLog.ShuttingDown(
            Logger,
            _connections.Count(connection => !connection.IsClosed),
            _connections.Count(connection => connection.IsServing));
        try
        {
            LoopTask hooks = loop.CreateTask(_lifetime.Shutdown(), "on_shutdown");
            await EventLoop.Wait([hooks], timeout: Options.ShutdownTimeout);
            hooks.Cancel("OnShutdown took longer than ShutdownTimeout.");
            TimeSpan left = begun + Options.ShutdownTimeout - loop.Time;
            await EndConnections(servers, left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
        finally
        {
            ReleaseExchanges();
            Lines.End();
            LoopTask hooks = loop.CreateTask(_lifetime.Cleanup(), "on_cleanup");
            await EventLoop.Wait([hooks], timeout: Options.LeftOfEnd(loop.Time - begun));
            hooks.Cancel("OnCleanup took longer than the end of the server may.");
        }
    }

    /// <summary>
    /// Serves until SIGINT or SIGTERM, then shuts down in order; a second signal ends the process
    /// as the platform does. SIGHUP is ignored. Runs <see cref="Startup"/> first if it has not run.
    /// The loop's end is bounded too: with the shutdown it takes no longer than
    /// <see cref="HttpServerOptions.ShutdownTimeout"/> and
    /// <see cref="HttpServerOptions.CancelTimeout"/> together.
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
        if (_connections.Count == 0)
        {
            CloseListeners();
            return;
        }

        int open = _connections.Count(connection => !connection.IsClosed);
        int cancelled = _connections.ToArray().Count(connection => connection.CutShort());
        HttpLog.Cancelling(Logger, Options.ShutdownTimeout, open, cancelled);
        await EventLoop.Wait(closed, timeout: Options.CancelledHandlerTimeout);
        CloseListeners();
        foreach (HttpConnection connection in _connections)
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
