// What a connection costs that made one request and is kept: the growth of the server's resident
// set, divided by the connections. The first few hundred are not counted: with them grows what a
// server has once.
using System.Net.Sockets;

namespace Reactor.Bench.Servers;

internal static class IdleMeasurement
{
    private const int FirstConnections = 500;

    // What server and clients need besides; our own server keeps 512 for itself.
    private const int OtherDescriptors = 1024;

    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(2);

    /// <summary>As many as asked for, if the process may have so many descriptors.</summary>
    public static int Possible(int wanted, int descriptorsMax) =>
        Math.Clamp(descriptorsMax - FirstConnections - OtherDescriptors, 0, wanted);

    public static async Task<IdleSample> MeasureAsync(
        Peer peer, int connections, int round, CancellationToken stop)
    {
        var sample = new IdleSample(peer.Key, connections, round);
        var held = new List<Socket>(FirstConnections + connections);
        try
        {
            await using ServerProcess server = await ServerProcess.StartAsync(
                peer, Scenario.KeepAlive, pinned: false, stop);
            Open(server, FirstConnections, held, stop);
            await Task.Delay(s_settle, stop);
            long before = server.ResidentBytes;
            Open(server, connections, held, stop);
            await Task.Delay(s_settle, stop);
            server.RequireRunning();
            return sample with
            {
                BytesPerConnection = (double)(server.ResidentBytes - before) / connections,
            };
        }
        catch (Exception error) when (error is MeasurementException or SocketException)
        {
            return sample with { Refused = error.Message };
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }
    }

    private static void Open(
        ServerProcess server, int count, List<Socket> held, CancellationToken stop)
    {
        for (int i = 0; i < count; i++)
        {
            stop.ThrowIfCancellationRequested();
            held.Add(FirstAnswer.Get(server.EndPoint));
        }
    }
}
