using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// The first step of a server's end: nobody new is let in, and every client that the kernel has let
/// in is accepted, so that closing the listeners resets nobody.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal static class BacklogDrain
{
    // With 64 accepts a turn and listener: twice the default backlog. Where the driver cannot stop
    // new ones they may come as fast as they are accepted, and the end must come all the same.
    private const int TurnsMax = 32;

    private static readonly TimeSpan s_roomPoll = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Empties the backlogs and closes the listeners. Those of a full server stay open, and are
    /// closed when all that wait there have been let in: <see cref="CloseWhenEmpty"/>.
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
            if (server.IsFull)
            {
                _ = EventLoop.Current.CreateTask(CloseWhenEmpty(server), "drain");
            }
            else
            {
                server.Close();
            }
        }
    }

    /// <summary>
    /// Accepts until a turn has brought nobody; each turn may, for a driver accepts ahead of us.
    /// </summary>
    private static async Coroutine Empty(IReadOnlyList<LoopServer> servers)
    {
        for (int turn = 0; turn < TurnsMax; turn++)
        {
            long before = servers.Sum(server => server.Accepted);
            foreach (LoopServer server in servers)
            {
                server.AcceptWaiting();
            }

            await EventLoop.Yield();
            if (servers.Sum(server => server.Accepted) == before)
            {
                return;
            }
        }
    }

    /// <summary>Each connection that ends makes room for one that waits in the backlog.</summary>
    private static async Coroutine CloseWhenEmpty(LoopServer server)
    {
        await Empty([server]);
        while (server.IsFull)
        {
            await EventLoop.Delay(s_roomPoll);
            await Empty([server]);
        }

        server.Close();
    }
}
