using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// An application on one loop: serves each connection, knows which of them are busy, and ends them
/// in order. Made by <see cref="Application.MakeHandler"/> and given to <c>loop.CreateServer</c>.
/// </summary>
/// <remarks>Loop thread only.</remarks>
public sealed class HttpServer : IConnectionHandler
{
    private readonly HashSet<HttpConnection> _connections = [];

    internal HttpServer(Application application, HttpServerOptions options)
    {
        options.ThrowIfInvalid();
        Application = application;
        Options = options;
        RefusalLines = new LogBudget(options.RefusalLinesPerSecond);
        Logger = LogQueue.Wrap(options.LoggerFactory, "Reactor.Http.Server");
    }

    /// <summary>What is served.</summary>
    public Application Application { get; }

    /// <summary>The limits and habits of this server.</summary>
    public HttpServerOptions Options { get; }

    /// <summary>
    /// True once <see cref="Shutdown"/> was called: answers end their connections.
    /// </summary>
    public bool IsShuttingDown { get; private set; }

    /// <summary>Connections that are open.</summary>
    public int ConnectionCount => _connections.Count;

    internal IReadOnlyCollection<HttpConnection> OpenConnections => _connections;

    internal ILogger Logger { get; }

    internal LogBudget RefusalLines { get; }

    internal DateCache Date { get; } = new();

    /// <inheritdoc/>
    public async Coroutine Serve(Connection connection)
    {
        var http = new HttpConnection(this, connection);
        _connections.Add(http);
        http.Task = LoopTask.Current;
        bool isOver = false;
        try
        {
            await http.Serve();
            isOver = true;
        }
        finally
        {
            if (!isOver)
            {
                http.CutOff();
            }

            _connections.Remove(http);
            http.Finish();
        }
    }

    /// <summary>
    /// Ends the server: stops listening, closes idle connections, lets begun requests finish, and
    /// after <see cref="HttpServerOptions.ShutdownTimeout"/> cancels their handlers. Completes when
    /// every connection is closed.
    /// </summary>
    /// <param name="servers">The listeners that feed this.</param>
    public async Coroutine Shutdown(params IReadOnlyList<LoopServer> servers)
    {
        ArgumentNullException.ThrowIfNull(servers);
        IsShuttingDown = true;
        foreach (LoopServer server in servers)
        {
            server.Close();
        }

        int active = _connections.Count(connection => connection.IsBusy);
        HttpLog.ShuttingDown(Logger, _connections.Count, active);
        foreach (HttpConnection idle in _connections.Where(one => !one.IsBusy).ToArray())
        {
            idle.CloseIdle();
        }

        Future<Unit>[] closed = [.. servers.Select(server => server.WaitClosed())];
        await EventLoop.Wait(closed, timeout: Options.ShutdownTimeout);
        if (_connections.Count > 0)
        {
            HttpLog.Cancelling(Logger, _connections.Count, Options.ShutdownTimeout);
            foreach (HttpConnection late in _connections.ToArray())
            {
                late.Task?.Cancel("The server shuts down.");
            }

            await EventLoop.Wait(closed, timeout: Options.CancelTimeout);
            foreach (LoopServer server in servers)
            {
                server.AbortClients();
            }

            await EventLoop.Wait(closed);
        }
    }

    /// <summary>
    /// Serves until SIGINT or SIGTERM, then shuts down in order; a second signal ends the process
    /// as the platform does.
    /// </summary>
    /// <param name="servers">The listeners that feed this.</param>
    public async Coroutine ServeUntilSignal(params IReadOnlyList<LoopServer> servers)
    {
        await EventLoop.Current.NextSignal(PosixSignal.SIGINT, PosixSignal.SIGTERM);
        await Shutdown(servers);
    }
}
