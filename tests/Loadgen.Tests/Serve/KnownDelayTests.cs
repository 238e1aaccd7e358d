using Reactor;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Serve;

/// <summary>
/// T2: a server with known delays. On the virtual clock every percentile is the delay, to the
/// resolution of the histogram (a counter is never wider than 1/1024 of its values).
/// </summary>
public sealed class KnownDelayTests
{
    [Test]
    public void T2_a_constant_delay_is_every_percentile()
    {
        LoadResult result = Measure(ServiceDelay.Constant(TargetWorld.Ms(5)), 3, 997.5);

        Assert.That(result.Measured.Ok, Is.EqualTo(3 * 1000 / 5));
        foreach (decimal percent in (decimal[])[1, 50, 90, 99, 99.9m, 100])
        {
            AssertPercentile(result, percent, 5_000_000);
        }
    }

    [Test]
    public void T2_a_bimodal_delay_has_its_step_at_the_asked_percentage()
    {
        // A block of a hundred takes 99 x 1 ms + 100 ms = 199 ms, so the 501st is due at 995 ms.
        LoadResult result = Measure(
            new ServiceDelay(TargetWorld.Ms(1), TargetWorld.Ms(100), 99), 1, 994.5);

        Assert.That(result.Measured.Ok, Is.EqualTo(500));
        AssertPercentile(result, 50, 1_000_000);
        AssertPercentile(result, 90, 1_000_000);
        AssertPercentile(result, 99, 1_000_000);
        AssertPercentile(result, 99.2m, 100_000_000);
        AssertPercentile(result, 99.9m, 100_000_000);
        AssertPercentile(result, 100, 100_000_000);
    }

    private static LoadResult Measure(ServiceDelay delay, int connections, double durationMs)
    {
        using var world = new TargetWorld(new() { Delay = delay, Seed = 7 });
        LoadResult? result = null;
        world.World.Run(async () => result = await new LoadRun(
            LoadWorld.Plan(durationMs, plan => plan with { Connections = connections }),
            world.Server.EndPoints[0],
            new Promise<Unit>()).Run());
        return result!;
    }

    private static void AssertPercentile(LoadResult result, decimal percent, long nanoseconds) =>
        Assert.That(
            result.Times.Service.Percentile(percent).Nanoseconds,
            Is.InRange(nanoseconds, nanoseconds + (nanoseconds / 1024)),
            $"p{percent}");
}
