using Reactor.Bench.Servers;

namespace Bench.Tests;

/// <summary>
/// A run that is made up: the floor at 2 µs, ours at 4, nginx with an error in one round, and a
/// name that a page must not take for its own tags.
/// </summary>
internal static class SampleRun
{
    public static RunRecord Make()
    {
        var run = new RunRecord(
            new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero),
            "bench/run --rounds 3",
            new MachineRecord("AMD EPYC", 2, 23.5, "Linux 6.1", ".NET 10.0.0", 0.25));
        run.Peers.Add(new PeerRecord("floor", "floor", "1"));
        run.Peers.Add(new PeerRecord("nginx", "nginx <b>", "1.22"));
        run.Peers.Add(new PeerRecord("epoll", "ours (epoll)", "abc"));
        run.Notes.Add("node is left out: install the package nodejs.");
        foreach (int connections in (int[])[1, 64, 4096])
        {
            for (int round = 1; round <= 3; round++)
            {
                run.Costs.Add(Cost("floor", connections, round, 1 + (0.5 * round)));
                run.Costs.Add(Cost("epoll", connections, round, round * round));
                run.Costs.Add(Cost("nginx", connections, round, 2.5) with
                {
                    Refused = connections == 64 && round == 2 ? "Socket errors: 1 & 2" : null,
                });
            }
        }

        run.Idle.Add(new IdleSample("epoll", 8000, 1) { BytesPerConnection = 1234 });
        run.Starts.Add(new StartSample("epoll", 1) { Milliseconds = 55, ResidentMib = 8 });
        run.Allocations.Add(new AllocationSample("epoll", "keep-alive")
        {
            Requests = 1000,
            BytesPerRequest = 12.34,
            Collections = [3, 1, 0],
        });
        run.Loads.Add(new LoadSample("epoll", "keep-alive", 1)
        {
            WrkPerSecond = 101_000,
            LoadgenPerSecond = 103_000,
            WrkP99Us = 900,
            LoadgenP99Us = 800,
        });
        return run;
    }

    public static CostSample Cost(string peer, int connections, int round, double us) =>
        new(peer, Scenario.KeepAlive.Key, connections, Pinned: true, round)
        {
            Requests = 1000,
            CpuUsPerRequest = us,
            ResidentMib = 14,
        };
}
