using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// The first step of a server's end: the system refuses new clients, and every client in the
/// backlog is accepted, so that closing the listeners resets none of them.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal static class BacklogDrain
{
    // With 64 accepts a turn and listener: twice the default backlog. Where the driver cannot stop
    // new ones they may come as fast as they are accepted, and the end must come all the same.
    private const int TurnsMax = 32;

    private static readonly TimeSpan s_retryPause = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Empties the backlogs and closes the listeners. Those of a server that has no room, no
    /// descriptor or no memory for a client stay open until all clients in the backlog are
    /// accepted: <see cref="CloseWhenEmpty"/>.
    /// </summary>
    public static async Coroutine Run(IReadOnlyList<LoopServer> servers, TimeSpan acceptTime)
    {
        try
        {
            bool mayComplete = false;
            foreach (LoopServer server in servers)
            {
                mayComplete |= server.StopAdmitting();
            }

            if (mayComplete)
            {
                await EventLoop.Delay(acceptTime); // the acceptors go on meanwhile
            }

            await Empty(servers);
        }
        catch
        {
            foreach (LoopServer server in servers)
            {
                server.Close();
            }

            throw;
        }

        foreach (LoopServer server in servers)
        {
            if (MustWait(server))
            {
                _ = EventLoop.Current.CreateTask(CloseWhenEmpty(server), "drain");
            }
            else
            {
                server.Close();
            }
        }
    }

    private static bool MustWait(LoopServer server) => server.IsFull || server.HasWaiting;

    /// <summary>
    /// Accepts until a turn has brought no client; each turn may, for a driver accepts ahead of the
    /// loop.
    /// </summary>
    private static async Coroutine Empty(IReadOnlyList<LoopServer> servers)
    {
        for (int turn = 0; turn < TurnsMax; turn++)
        {
            long before = servers.Sum(server => server.Accepted);
            int taken = servers.Sum(server => server.AcceptWaiting());
            await EventLoop.Yield();
            if (taken == 0 && servers.Sum(server => server.Accepted) == before)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Tries again until the backlog is empty: each connection that ends makes room for a client
    /// and gives back a descriptor. The end of the shutdown bounds it, which closes the server.
    /// </summary>
    private static async Coroutine CloseWhenEmpty(LoopServer server)
    {
        do
        {
            await EventLoop.Delay(s_retryPause);
            await Empty([server]);
        }
        while (MustWait(server));
        server.Close();
    }
}
