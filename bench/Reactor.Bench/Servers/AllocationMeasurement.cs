// What the managed heap pays for a request, of servers that have one: all bytes that the process
// allocated while wrk ran, divided by the requests. Accepting the connections is part of it, which
// among some hundred thousand requests does not show.
namespace Reactor.Bench.Servers;

internal static class AllocationMeasurement
{
    public static async Task<AllocationSample> MeasureAsync(
        CompareOptions options, LoadTool wrk, Peer peer, Scenario scenario,
        CancellationToken stop)
    {
        var sample = new AllocationSample(peer.Key, scenario.Key);
        try
        {
            await using ServerProcess server = await ServerProcess.StartAsync(
                peer, scenario, pinned: true, stop, counts: true);
            await wrk.RunAsync(server, scenario, pinned: true, options.WarmUpSeconds, stop);
            long[] before = await server.AskAllocated(stop);
            WrkResult result =
                await wrk.RunAsync(server, scenario, pinned: true, options.Seconds, stop);
            long[] after = await server.AskAllocated(stop);
            return sample with
            {
                Requests = result.Requests,
                BytesPerRequest = (double)(after[0] - before[0]) / Math.Max(1, result.Requests),
                Collections = [.. after.Zip(before, (a, b) => (int)(a - b)).Skip(1)],
                Refused = result.Errors,
            };
        }
        catch (MeasurementException error)
        {
            return sample with { Refused = error.Message };
        }
    }
}
