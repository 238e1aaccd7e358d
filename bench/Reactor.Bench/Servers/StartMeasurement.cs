// How long a user waits: from the start of the process to the first answer. A client tries every
// millisecond from the beginning. The files are in the page cache: each peer was started before.
using System.Diagnostics;
using System.Net.Sockets;

namespace Reactor.Bench.Servers;

internal static class StartMeasurement
{
    private const double Mib = 1 << 20;

    private static readonly TimeSpan s_startMax = TimeSpan.FromSeconds(30);

    public static async Task<StartSample> MeasureAsync(
        Peer peer, int round, CancellationToken stop)
    {
        var sample = new StartSample(peer.Key, round);
        await using ServerProcess server = ServerProcess.Launch(peer, Scenario.KeepAlive);
        while (Stopwatch.GetElapsedTime(server.Started) < s_startMax)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                server.RequireRunning();
                FirstAnswer.Get(server.EndPoint).Dispose();
                double elapsed = Stopwatch.GetElapsedTime(server.Started).TotalMilliseconds;
                return sample with
                {
                    Milliseconds = elapsed,
                    ResidentMib = server.ResidentBytes / Mib,
                };
            }
            catch (SocketException)
            {
                // Not a task's delay, whose timer may be late by more than is measured here.
                Thread.Sleep(1);
            }
            catch (MeasurementException error)
            {
                return sample with { Refused = error.Message };
            }
        }

        return sample with { Refused = $"no answer after {s_startMax.TotalSeconds} s" };
    }
}
