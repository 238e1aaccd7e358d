using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// The first step of a shutdown: the kernel refuses new clients, and the backlog is accepted, so
/// that closing the listeners resets no client.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal static class BacklogDrain
{
    // Twice the default backlog, at 64 accepts a turn. Some drivers cannot stop new clients.
    private const int TurnsMax = 32;

    private static readonly TimeSpan s_retryPause = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Empties the backlogs and closes the listeners; one that lacks room, descriptors or memory
    /// stays open until its backlog is empty.
    /// </summary>
    public static async Coroutine RunAsync(IReadOnlyList<LoopServer> servers, TimeSpan acceptTime)
    {
        try
        {
            bool[] mayComplete = [.. servers.Select(server => server.StopAdmitting())];
            if (mayComplete.Contains(true))
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

    /// <summary>Accepts until a turn brings no client: drivers accept ahead of the loop.</summary>
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
    /// Retries until the backlog is empty: connections that end free room. The shutdown bounds it
    /// by closing the server.
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
