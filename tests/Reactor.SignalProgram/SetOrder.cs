using System.Collections.Immutable;
using System.Text;
using Reactor;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Recording;
using Reactor.Simulation;

/// <summary>
/// Sends strings in the order of a set that sorts them by their hash codes, which differ between
/// processes, so that a replay in another process differs.
/// </summary>
internal static class SetOrder
{
    public static void Record(string path) => Run(
        new LoopRecording(new InMemoryDriver(), new LoopRecordingOptions { Path = path }));

    public static void Replay(string path)
    {
        using LoopReplay replay = LoopReplay.Open(path);
        try
        {
            replay.Run(Run);
            Console.WriteLine("matches");
        }
        catch (LoopReplayException difference)
        {
            Console.WriteLine(difference.Requested);
            Console.WriteLine(difference.Recorded);
            Console.WriteLine(difference.Work);
        }
    }

    private static void Run(LoopDriver driver)
    {
        using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
        loop.RunUntilComplete(SendSet(loop));
    }

    private static async Coroutine SendSet(EventLoop loop)
    {
        LoopServer server = await loop.StartServer(Serve, "127.0.0.1", port: 0);
        Connection client = await Connection.OpenAsync(server.EndPoints[0]);
        await client.ReadLineAsync();
        client.Close();
        server.Close();
        await server.WaitClosedAsync();
    }

    private static async Coroutine Serve(Connection connection)
    {
        ImmutableHashSet<string> set = [.. Enumerable.Range(0, 100).Select(i => $"{i:D3}")];
        await connection.WriteAsync(Encoding.ASCII.GetBytes($"{string.Concat(set)}\n"));
    }
}
