// What a request costs: the server's user and system CPU time, divided by the requests it answered.
// It does not depend on how fast wrk is. Each figure has a fresh server that is warm.
namespace Reactor.Bench.Servers;

internal static class CostMeasurement
{
    private const double Mib = 1 << 20;

    public static async Task<CostSample> MeasureAsync(
        CompareOptions options,
        LoadTool wrk,
        Peer peer,
        (Scenario Scenario, bool Pinned, int Round) turn,
        CancellationToken stop)
    {
        (Scenario scenario, bool pinned, int round) = turn;
        var sample = new CostSample(
            peer.Key, scenario.Key, scenario.Connections, pinned, round);
        try
        {
            await using ServerProcess server =
                await ServerProcess.StartAsync(peer, scenario, pinned, stop);
            await wrk.RunAsync(server, scenario, pinned, options.WarmUpSeconds, stop);
            TimeSpan before = server.CpuTime;
            WrkResult result =
                await wrk.RunAsync(server, scenario, pinned, options.Seconds, stop);
            TimeSpan used = server.CpuTime - before;
            return sample with
            {
                Requests = result.Requests,
                CpuUsPerRequest = used.TotalMicroseconds / Math.Max(1, result.Requests),
                RequestsPerSecond = result.PerSecond,
                P50Us = result.P50Us,
                P99Us = result.P99Us,
                ResidentMib = server.ResidentBytes / Mib,
                Refused = result.Errors,
            };
        }
        catch (MeasurementException error)
        {
            return sample with { Refused = error.Message };
        }
    }
}
