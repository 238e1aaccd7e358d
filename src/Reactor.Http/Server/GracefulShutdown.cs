using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// The shutdown of one server: the backlog, the hooks, the requests in progress, and last the
/// connections that did not end in time.
/// </summary>
/// <remarks>Loop thread only; runs once.</remarks>
internal sealed class GracefulShutdown(
    ConnectionHost host, IServerLifetime lifetime, IReadOnlyList<LoopServer> servers)
{
    private readonly EventLoop _loop = EventLoop.Current;
    private readonly TimeSpan _begun = EventLoop.Current.Time;

    private HttpServerShutdown Options => host.Context.Options.Shutdown;

    public async Coroutine RunAsync()
    {
        host.Context.IsShuttingDown = true;
        await BacklogDrain.RunAsync(servers, Options.AcceptTime);
        foreach (OpenConnection idle in host.Connections.Where(one => !one.IsBusy))
        {
            idle.TryCloseIdle(ConnectionEvent.Shutdown);
        }

        HttpLog.ShuttingDown(
            host.Context.Logger,
            host.Connections.Count(connection => !connection.IsClosed),
            host.Connections.Count(connection => connection.IsServing));
        try
        {
            LoopTask hooks = _loop.CreateTask(lifetime.ShutdownAsync(), "on_shutdown");
            await EventLoop.Wait([hooks], timeout: Options.Timeout);
            hooks.Cancel("OnShutdown took longer than Shutdown.Timeout.");
            TimeSpan left = _begun + Options.Timeout - _loop.Time;
            await EndConnections(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
        finally
        {
            host.ReleasePooled();
            host.Context.Lines.End();
            LoopTask hooks = _loop.CreateTask(lifetime.CleanupAsync(), "on_cleanup");
            await EventLoop.Wait([hooks], timeout: Options.LeftOfEnd(_loop.Time - _begun));
            hooks.Cancel("OnCleanup took longer than the end of the server may.");
        }
    }

    private async Coroutine EndConnections(TimeSpan timeout)
    {
        Future<Unit>[] closed = [.. servers.Select(server => server.WaitClosedAsync())];
        await EventLoop.Wait(closed, timeout: timeout);
        if (host.Connections.Count == 0)
        {
            CloseListeners();
            return;
        }

        int open = host.Connections.Count(connection => !connection.IsClosed);
        int cancelled = host.Connections.ToArray().Count(connection => connection.CutShort());
        HttpLog.Cancelling(host.Context.Logger, Options.Timeout, open, cancelled);
        await EventLoop.Wait(closed, timeout: Options.CancelledHandlerTimeout);
        CloseListeners();
        foreach (OpenConnection connection in host.Connections)
        {
            connection.Abort(); // before AbortClients: acknowledged bytes count as delivered
        }

        foreach (LoopServer server in servers)
        {
            server.AbortClients();
        }

        await EventLoop.Wait(closed);
    }

    /// <summary>A listener whose backlog could not be emptied is still open.</summary>
    private void CloseListeners()
    {
        foreach (LoopServer server in servers)
        {
            server.Close();
        }
    }
}
