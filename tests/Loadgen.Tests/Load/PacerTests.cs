using Reactor.Tools.Loadgen;
using static Loadgen.Tests.LoadWorld;

namespace Loadgen.Tests;

/// <summary>
/// T1: when an open loop releases its requests, as the server sees it. The simulated network takes
/// no time, so a request arrives at the instant of its release.
/// </summary>
public class PacerTests
{
    [Test]
    public void T1_uniform_requests_leave_at_equal_distances_without_drift()
    {
        using var world = new LoadWorld(exchange => exchange.SendAsync());

        LoadResult result = world.Run(OpenPlan(3000, 1000, plan => plan with { Connections = 4 }));

        // Request n at n / 3000 s, rounded to the clock's 100 ns by itself.
        Assert.That(world.Arrivals, Is.EqualTo(Enumerable.Range(0, 3000).Select(
            n => TimeSpan.FromTicks((long)Math.Round(n * 1e7 / 3000)))));
        Assert.That(result.Measured.Ok, Is.EqualTo(3000));
        Assert.That(result.Times.Lateness.Max, Is.Zero);
        Assert.That(result.Times.Queue.Max, Is.Zero);
    }

    [Test]
    public void T1_poisson_requests_leave_at_the_instants_of_their_seed()
    {
        var schedule = new Schedule(
            500, [new Stage(Ms(2000), 500)], ArrivalKind.Poisson, seed: 42);
        using var world = new LoadWorld(exchange => exchange.SendAsync());

        world.Run(OpenPlan(500, 2000, plan => plan with { Connections = 4, Schedule = schedule }));

        Assert.That(world.Arrivals, Is.EqualTo(InstantsOf(schedule, 0, 1)));
        Assert.That(world.Arrivals, Has.Count.EqualTo(1000).Within(100));
    }

    [Test]
    public void T1_a_stage_moves_the_rate_linearly()
    {
        using var world = new LoadWorld(exchange => exchange.SendAsync());
        var schedule = new Schedule(0, [new Stage(Ms(1000), 200)]);

        world.Run(OpenPlan(0, 1000, plan => plan with { Connections = 4, Schedule = schedule }));

        // From 0 to 200/s in a second: 100 t^2 requests until t, so request n leaves at
        // sqrt(n / 100) s.
        Assert.That(world.Arrivals, Has.Count.EqualTo(100));
        for (int n = 0; n < 100; n++)
        {
            Assert.That(
                world.Arrivals[n].TotalSeconds, Is.EqualTo(Math.Sqrt(n / 100.0)).Within(1e-6));
        }
    }

    [Test]
    public void T1_a_burst_leaves_at_one_instant()
    {
        using var world = new LoadWorld(exchange => exchange.SendAsync());
        var schedule = new Schedule(100, [new Stage(Ms(200), 100)], ArrivalKind.Burst, burst: 5);

        world.Run(OpenPlan(100, 200, plan => plan with { Connections = 8, Schedule = schedule }));

        Assert.That(world.Arrivals, Is.EqualTo(
            Enumerable.Range(0, 20).Select(n => Ms(n / 5 * 50))));
    }

    [Test]
    public void T1_a_stall_releases_all_that_is_overdue_each_with_its_own_scheduled_time()
    {
        using var world = new LoadWorld(exchange => exchange.SendAsync());

        LoadResult result = world.Run(
            OpenPlan(1000, 200, plan => plan with { Connections = 64 }),
            it => it.World.Loop.CallLater(Ms(100.5), () => it.World.Driver.Advance(Ms(50))));

        // Requests 101 to 150 are due while the loop stands; all leave at 150.5.
        TimeSpan[] expected =
            [.. Enumerable.Range(0, 200).Select(n => Ms(n is > 100 and <= 150 ? 150.5 : n))];
        Assert.That(world.Arrivals, Is.EqualTo(expected));
        Histogram lateness = result.Times.Lateness;
        Assert.That(lateness.Count, Is.EqualTo(200));
        Assert.That(lateness.Percentile(75), Is.Zero);
        Assert.That(lateness.Percentile(75.5m), Is.EqualTo(500_000).Within(0.1).Percent);
        Assert.That(lateness.Percentile(88), Is.EqualTo(25_500_000).Within(0.1).Percent);
        Assert.That(lateness.Max, Is.EqualTo(49_500_000));
        Assert.That(result.Times.Response.Finished.Max, Is.EqualTo(49_500_000));
        Assert.That(result.Times.Service.Finished.Max, Is.Zero);
        Assert.That(result.Times.Queue.Max, Is.Zero);
    }

    [Test]
    public void The_requests_of_two_workers_are_those_of_one()
    {
        var schedule = new Schedule(500, [new Stage(Ms(500), 900)], ArrivalKind.Poisson, seed: 7);

        TimeSpan[][] halves = new TimeSpan[2][];
        Thread[] threads =
        [
            .. Enumerable.Range(0, 2).Select(
                worker => new Thread(() => halves[worker] = InstantsOf(schedule, worker, 2))),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        TimeSpan[] one = InstantsOf(schedule, 0, 1);
        Assert.That(halves[0], Is.EqualTo(one.Where((_, number) => number % 2 == 0)));
        Assert.That(halves[1], Is.EqualTo(one.Where((_, number) => number % 2 == 1)));
    }

    private static TimeSpan[] InstantsOf(Schedule schedule, int worker, int workers)
    {
        var all = new List<TimeSpan>();
        for (var one = new ArrivalSequence(schedule, worker, workers); one.HasNext; one.Advance())
        {
            all.Add(one.Next);
        }

        return [.. all];
    }
}
