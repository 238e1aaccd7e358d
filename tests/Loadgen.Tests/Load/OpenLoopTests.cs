using System.Net;
using Reactor;
using Reactor.Simulation;
using Reactor.Tools.Loadgen;
using static Loadgen.Tests.LoadWorld;

namespace Loadgen.Tests;

/// <summary>
/// The open loop on virtual time: what counts from the schedule, what from the send, and what
/// happens to a request that finds no connection.
/// </summary>
public class OpenLoopTests
{
    private static readonly TimeSpan s_stallBegin = Ms(4000.5);
    private static readonly TimeSpan s_stallEnd = Ms(5000.5);

    [Test]
    public void T2_a_constant_delay_is_every_percentile()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(5));

        LoadResult result = world.Run(OpenPlan(200, 1000, plan => plan with { Connections = 4 }));

        Assert.That(result.Measured.Ok, Is.EqualTo(200));
        foreach (Distribution one in (Distribution[])
            [result.Times.Response, result.Times.Service, result.Times.FirstByte])
        {
            Assert.That(one.Percentile(0).Nanoseconds, Is.EqualTo(5_000_000));
            Assert.That(one.Percentile(100), Is.EqualTo(new TimeBound(5_000_000, false)));
        }
    }

    [Test]
    public void T2_of_99_to_1_the_slow_hundredth_shows_above_the_99th_percentile()
    {
        using var world = new LoadWorld(
            exchange => exchange.SendAfter(exchange.Number % 100 == 50 ? 100 : 1));

        LoadResult result = world.Run(OpenPlan(500, 2000, plan => plan with { Connections = 64 }));

        Distribution times = result.Times.Response;
        Assert.That(times.Count, Is.EqualTo(1000));
        Assert.That(times.Percentile(99).Nanoseconds, Is.EqualTo(1_000_000).Within(0.1).Percent);
        Assert.That(
            times.Percentile(99.1m).Nanoseconds, Is.EqualTo(100_000_000).Within(0.1).Percent);
    }

    [Test]
    public void T3_a_stopped_server_shows_in_the_response_time_and_not_in_the_service_time()
    {
        using var stopped = new LoadWorld(AnswerOutsideOfTheStall);

        LoadResult result = stopped.Run(
            OpenPlan(500, 10_000, plan => plan with { Connections = 16 }));

        // A request scheduled u into the stall waits P - u; the others are answered at once.
        long[] expected =
        [
            .. Enumerable.Range(0, 5000).Select(n => Ms(2 * n))
                .Select(due => due >= s_stallBegin && due < s_stallEnd
                    ? (s_stallEnd - due).Ticks * 100
                    : 0)
                .Order(),
        ];
        Assert.That(result.Measured.Ok, Is.EqualTo(5000));
        foreach (decimal percent in (decimal[])[50, 75, 90, 91, 95, 99, 99.9m, 100])
        {
            long exact = expected[(int)decimal.Ceiling(percent * 50) - 1];
            TimeBound shown = result.Times.Response.Percentile(percent);
            Assert.That(shown.IsLowerBound, Is.False);
            Assert.That(
                (double)shown.Nanoseconds,
                Is.EqualTo((double)exact).Within(0.1).Percent,
                $"{percent} %");
        }

        // P - (1 - q) D: half a second, and nine tenths.
        Assert.That(
            result.Times.Response.Percentile(95).Nanoseconds,
            Is.EqualTo(500_000_000).Within(2_000_000));
        Assert.That(
            result.Times.Response.Percentile(99).Nanoseconds,
            Is.EqualTo(900_000_000).Within(2_000_000));
        Histogram service = result.Times.Service.Finished;
        double slow = service.ShareWithin(1_000_000, Histogram.ValueMax) * 5000;
        Assert.That(slow, Is.EqualTo(16).Within(0.01), "one for each connection");
        Assert.That(result.Times.Lateness.Max, Is.Zero, "the client was never late");
        Assert.That(result.LongestSilence.Length, Is.EqualTo(Ms(1000)).Within(Ms(2.5)));
    }

    [Test]
    public void T4_nothing_is_counted_twice_with_and_without_a_stall()
    {
        using var world = new LoadWorld(AnswerOutsideOfTheStall);

        LoadResult result = world.Run(
            OpenPlan(500, 10_000, plan => plan with { Connections = 16 }));

        Assert.That(result.Times.Response.Count, Is.EqualTo(5000));
        Assert.That(result.Intervals, Has.Count.EqualTo(10));
        Assert.That(result.Intervals.Select(one => one.Scheduled), Is.All.EqualTo(500));
        Assert.That(
            result.Intervals.Select(one => one.Response.Count),
            Is.All.EqualTo(500),
            "a late response belongs to the interval of its scheduled time");
        Assert.That(
            result.Intervals.Select(one => one.Arrived),
            Is.EqualTo(new[] { 500, 500, 500, 500, 1, 999, 500, 500, 500, 500 }));
    }

    [Test]
    public void A_request_without_a_free_connection_waits_and_counts_from_its_instant()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(25));

        LoadResult result = world.Run(OpenPlan(100, 100));

        // Due at 10 n, answered at 25 (n + 1).
        Assert.That(result.Measured.Ok, Is.EqualTo(10));
        Assert.That(result.Times.Response.Finished.Max, Is.EqualTo(160_000_000));
        Assert.That(result.Times.Service.Finished.Max, Is.EqualTo(25_000_000));
        Assert.That(result.Times.Queue.Max, Is.EqualTo(135_000_000));
        Assert.That(result.Times.Lateness.Max, Is.Zero);
    }

    [Test]
    public void A_request_without_a_free_connection_is_dropped_if_asked_for()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(25));

        LoadResult result = world.Run(
            OpenPlan(100, 100, plan => plan with { OnFull = OnFull.Drop }));

        // Sent at 0, 30, 60 and 90.
        Assert.That(result.Measured.Ok, Is.EqualTo(4));
        Assert.That(result.Measured.Dropped, Is.EqualTo(6));
        Assert.That(result.Measured.Scheduled, Is.EqualTo(10));
        Assert.That(result.Measured.Sent, Is.EqualTo(4));
        Assert.That(result.Times.Response.Finished.Max, Is.EqualTo(25_000_000));
    }

    [Test]
    public void A_request_without_a_free_connection_opens_one_if_asked_for()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(25));

        LoadResult result = world.Run(
            OpenPlan(100, 100, plan => plan with { OnFull = OnFull.Open }));

        // At 10 and 20 the first connection is busy; at 30 it is free again.
        Assert.That(result.Measured.Ok, Is.EqualTo(10));
        Assert.That(result.Connects, Is.EqualTo(3));
        Assert.That(result.Times.Response.Finished.Max, Is.EqualTo(25_000_000));
    }

    [Test]
    public void Requests_without_an_outcome_count_as_at_least_their_age()
    {
        using var world = new LoadWorld(
            exchange => exchange.Number < 90 ? exchange.SendAsync() : Silence());

        LoadResult result = world.Run(OpenPlan(
            100, 1000, plan => plan with { Connections = 16, Drain = Ms(100) }));

        // Due at 900 to 990 and in flight at 1100: ages of 110 to 200 ms.
        Assert.That(result.Measured.InFlight, Is.EqualTo(10));
        Assert.That(result.Times.Response.Percentile(90).IsLowerBound, Is.False);
        TimeBound p95 = result.Times.Response.Percentile(95);
        Assert.That(p95.IsLowerBound);
        Assert.That(p95.Nanoseconds, Is.EqualTo(150_000_000).Within(0.1).Percent);
        Assert.That(result.Times.Service.Unfinished.Max, Is.EqualTo(200_000_000));
    }

    [Test]
    public void Requests_that_fail_count_as_at_least_their_age()
    {
        using var world = new LoadWorld(
            exchange => exchange.Number < 50 ? exchange.SendAsync() : Silence());

        LoadResult result = world.Run(OpenPlan(
            100, 1000, plan => plan with { PipelineDepth = 4, Timeout = Ms(100) }));

        // The oldest of a pipeline times out, and the others are unanswered with it.
        Assert.That(result.Measured[Cause.Timeout], Is.Positive);
        Assert.That(result.Measured[Cause.Unanswered], Is.Positive);
        Assert.That(result.Times.Response.Count, Is.EqualTo(result.Measured.Scheduled));
        Assert.That(result.Times.Response.Percentile(60).IsLowerBound);
    }

    [Test]
    public void Without_a_connection_a_request_fails_with_the_cause_of_the_connect(
        [Values("Queue", "Open", "Drop")] string onFull)
    {
        using var world = new LoadWorld(exchange => exchange.SendAsync());

        LoadResult result = world.Run(
            OpenPlan(100, 1000, plan => plan with { OnFull = Enum.Parse<OnFull>(onFull) }),
            it => it.StopListening());

        Assert.That(result.Measured[Cause.ConnectRefused], Is.EqualTo(100));
        Assert.That(result.Measured.Dropped, Is.Zero);
        Assert.That(result.Measured.Sent, Is.Zero);
        Assert.That(result.EndedDisconnected);
        Assert.That(result.ConnectFailures.Keys, Is.EqualTo(new[] { Cause.ConnectRefused }));
        Assert.That(result.LastResponseAt, Is.Null);
        Assert.That(result.Examples[0].Cause, Is.EqualTo(Cause.ConnectRefused));
    }

    [Test]
    public void A_failed_connect_stops_further_ones_for_a_pause_only()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(25));

        LoadResult result = world.Run(
            OpenPlan(100, 500, plan => plan with { OnFull = OnFull.Open }),
            it => it.World.Loop.CallLater(Ms(5), () =>
            {
                EndPoint target = it.StopListening();
                it.World.Loop.CallLater(Ms(100), () => it.Listen(target));
            }));

        // The connect at 10 is refused; the next is made at 210.
        Assert.That(result.ConnectFailures[Cause.ConnectRefused], Is.EqualTo(1));
        Assert.That(result.Connects, Is.GreaterThanOrEqualTo(3));
        Assert.That(result.Times.Response.Finished.Percentile(100), Is.LessThan(250_000_000));
    }

    [Test]
    [Category("Slow")]
    public void Connections_that_ended_do_not_count_against_the_limit()
    {
        using var world = new LoadWorld(exchange => exchange.SendAsync());
        var schedule = new Schedule(
            100_000, [new Stage(Ms(700), 100_000)], ArrivalKind.Burst, burst: 100);

        LoadResult result = world.Run(OpenPlan(100_000, 700, plan => plan with
        {
            OnFull = OnFull.Open,
            KeepAlive = false,
            Schedule = schedule,
        }));

        Assert.That(result.Connects, Is.GreaterThan(LoadPlan.ConnectionsMax));
        Assert.That(result.Times.Response.Finished.Max, Is.Zero, "none waited for a connection");
    }

    [Test]
    public void A_request_waits_while_another_connect_is_in_progress()
    {
        var slow = new FaultPlan { DelayMin = Ms(5), DelayMax = Ms(5) };
        using var world = new LoadWorld(
            exchange => exchange.SendAsync(), new InMemoryOptions { Faults = slow });

        // The first connect arrives at 5 and is refused; a second, for the request of 1, at 6.
        LoadResult result = world.Run(
            OpenPlan(1000, 20, plan => plan with { OnFull = OnFull.Open }),
            it =>
            {
                EndPoint target = it.StopListening();
                it.World.Loop.CallLater(Ms(5.5), () => it.Listen(target));
            });

        Assert.That(result.ConnectFailures[Cause.ConnectRefused], Is.EqualTo(1));
        Assert.That(result.Measured.Ok, Is.EqualTo(20));
    }

    [Test]
    public void An_exact_number_ends_the_window_with_the_last_response()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(1));

        LoadResult result = world.Run(OpenPlan(100, 60_000, plan => plan with { Count = 50 }));

        Assert.That(result.Measured.Scheduled, Is.EqualTo(50));
        Assert.That(result.Measured.Ok, Is.EqualTo(50));
        Assert.That(result.Elapsed, Is.EqualTo(Ms(491)));
    }

    [Test]
    public void An_exact_number_counts_from_the_window()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(1));

        LoadResult result = world.Run(
            OpenPlan(100, 60_000, plan => plan with { Count = 50, WarmUp = Ms(95) }));

        Assert.That(result.WarmUp.Ok, Is.EqualTo(10));
        Assert.That(result.Measured.Scheduled, Is.EqualTo(50));
    }

    [Test]
    public void Requests_of_the_warm_up_that_the_window_finds_in_flight_are_told()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(25));

        LoadResult result = world.Run(
            OpenPlan(100, 100, plan => plan with { Connections = 8, WarmUp = Ms(96) }));

        // Sent at 70, 80 and 90 with answers at 95, 105 and 115: the one of 70 ends in time.
        Assert.That(result.InFlightAtStart, Is.EqualTo(2));
        Assert.That(result.WarmUp.Ok, Is.EqualTo(10));
        Assert.That(result.Measured.Scheduled, Is.EqualTo(10));
    }

    [Test]
    public void A_server_that_closes_idle_connections_fails_no_request()
    {
        using var world = new LoadWorld(async exchange =>
        {
            await exchange.SendAsync();
            await EventLoop.Delay(Ms(5));
            exchange.Connection.Close();
        });

        LoadResult result = world.Run(OpenPlan(10, 1000));

        Assert.That(result.Measured.Ok, Is.EqualTo(10));
        Assert.That(result.Reconnects, Is.EqualTo(10));
    }

    [Test]
    public void The_same_seed_gives_the_same_instants_and_bytes_twice()
    {
        string[] first = Trace();
        string[] second = Trace();

        Assert.That(second, Is.EqualTo(first));

        static string[] Trace()
        {
            using var world = new LoadWorld(exchange => exchange.SendAfter(3));
            var schedule = new Schedule(
                200, [new Stage(Ms(500), 400)], ArrivalKind.Poisson, seed: 11);
            LoadResult result = world.Run(OpenPlan(
                200, 500, plan => plan with { Connections = 2, Schedule = schedule }));
            return
            [
                .. world.Arrivals.Select(at => $"{at}"),
                $"{result.Measured.Bytes} {result.Times.Response.Finished.Mean()}",
            ];
        }
    }

    private static async Coroutine AnswerOutsideOfTheStall(Exchange exchange)
    {
        TimeSpan now = EventLoop.Current.Time;
        if (now >= s_stallBegin && now < s_stallEnd)
        {
            await EventLoop.Delay(s_stallEnd - now);
        }

        await exchange.SendAsync();
    }

#pragma warning disable CS1998 // a server that says nothing is a coroutine nonetheless
    private static async Coroutine Silence()
    {
    }
#pragma warning restore CS1998
}
