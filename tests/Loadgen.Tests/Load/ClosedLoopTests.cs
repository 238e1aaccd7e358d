using System.Text;
using Reactor;
using Reactor.Tools.Loadgen;
using static Loadgen.Tests.LoadWorld;

namespace Loadgen.Tests;

/// <summary>
/// What a closed loop must tell about its server, and its limits: silence, exact numbers, requests
/// per connection, stages. See also <see cref="SimulatedLoadTests"/>.
/// </summary>
public class ClosedLoopTests
{
    [TestCase(1, 1)]
    [TestCase(64, 1)]
    [TestCase(8, 16)]
    public void T13_rate_times_mean_is_the_number_of_requests_in_flight(
        int connections, int depth)
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(2));

        LoadResult result = world.Run(Plan(5000, plan => plan with
        {
            Connections = connections,
            PipelineDepth = depth,
            WarmUp = Ms(500),
        }));

        double rate = result.Measured.Ok / result.Elapsed.TotalSeconds;
        double mean = result.Times.Service.Finished.Mean() / 1e9;
        Assert.That(rate * mean, Is.EqualTo(connections * depth).Within(2).Percent);
    }

    [Test]
    public void A_server_that_stands_for_3_s_of_6_is_silent_for_3_s([Values(2, 5)] int timeout)
    {
        using var world = new LoadWorld(async exchange =>
        {
            TimeSpan now = EventLoop.Current.Time;
            bool stands = now >= Ms(1000) && now < Ms(4000);
            await EventLoop.Delay(stands ? Ms(4000) - now : Ms(1));
            await exchange.SendAsync();
        });

        LoadResult result = world.Run(Plan(6000, plan => plan with
        {
            Connections = 4,
            Timeout = TimeSpan.FromSeconds(timeout),
        }));

        // Time-outs and new attempts on the way do not end the silence.
        Assert.That(result.LongestSilence.Begin, Is.EqualTo(Ms(1000)).Within(Ms(2)));
        Assert.That(result.LongestSilence.Length, Is.EqualTo(Ms(3000)).Within(Ms(2)));
        Assert.That(result.LastResponseAt, Is.EqualTo(Ms(6000)).Within(Ms(2)));
        Assert.That(result.EndedDisconnected, Is.False);
    }

    [Test]
    public void A_server_that_never_answers_is_silent_for_the_window_without_the_drain()
    {
        using var world = new LoadWorld(_ => Silence());

        LoadResult result = world.Run(Plan(1000));

        Assert.That(result.LongestSilence, Is.EqualTo(new Silence(TimeSpan.Zero, Ms(1000))));
        Assert.That(result.LastResponseAt, Is.Null);
        Assert.That(result.Times.Response.Percentile(50).IsLowerBound);
    }

    [Test]
    public void A_server_that_goes_away_is_told()
    {
        using var world = new LoadWorld(async exchange =>
        {
            await exchange.SendAfter(1);
            if (EventLoop.Current.Time > Ms(300))
            {
                exchange.Connection.Abort();
            }
        });

        LoadResult result = world.Run(
            Plan(1000), it => it.World.Loop.CallLater(Ms(200), () => it.StopListening()));

        Assert.That(result.EndedDisconnected);
        Assert.That(result.LastResponseAt, Is.EqualTo(Ms(301)).Within(Ms(2)));
        Assert.That(result.ConnectFailures[Cause.ConnectRefused], Is.Positive);
    }

    [Test]
    public void A_failed_connect_does_not_make_a_server_go_away_that_answers_to_the_end()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(1));

        LoadResult result = world.Run(
            Plan(1000, plan => plan with
            {
                Connections = 1,
                ConnectionStages = [new Stage(Ms(500), 2)],
            }),
            it => it.World.Loop.CallLater(Ms(100), () => it.StopListening()));

        // The second connection is asked for at 250 and refused; the first works on.
        Assert.That(result.ConnectFailures[Cause.ConnectRefused], Is.Positive);
        Assert.That(result.EndedDisconnected, Is.False);
    }

    [Test]
    public void An_exact_number_is_shared_by_the_connections()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(1));

        LoadResult result = world.Run(
            Plan(60_000, plan => plan with { Connections = 3, Count = 100 }));

        // 33 rounds of three, and one more.
        Assert.That(result.Measured.Scheduled, Is.EqualTo(100));
        Assert.That(result.Measured.Ok, Is.EqualTo(100));
        Assert.That(result.Elapsed, Is.EqualTo(Ms(34)));
    }

    [TestCase(500, 2000)]
    [TestCase(3000, 3000)]
    public void An_exact_number_ends_when_the_server_is_gone(int connectTimeout, int limit)
    {
        using var world = new LoadWorld(async exchange =>
        {
            await exchange.SendAfter(1);
            if (EventLoop.Current.Time > Ms(300))
            {
                exchange.Connection.Abort();
            }
        });

        LoadResult result = world.Run(
            Plan(3_600_000, plan => plan with
            {
                Connections = 2,
                Count = 1_000_000,
                ConnectTimeout = Ms(connectTimeout),
            }),
            it => it.World.Loop.CallLater(Ms(200), () => it.StopListening()));

        // Attempts come at least each 200 ms.
        Assert.That(result.Elapsed, Is.InRange(Ms(300 + limit), Ms(505 + limit)));
        Assert.That(result.EndedDisconnected);
        Assert.That(result.IsInterrupted, Is.False);
    }

    [Test]
    public void An_exact_number_of_a_silent_server_ends_with_the_duration()
    {
        using var world = new LoadWorld(_ => Silence());

        LoadResult result = world.Run(Plan(500, plan => plan with { Count = 1 }));

        Assert.That(result.Measured.InFlight, Is.EqualTo(1));
        Assert.That(result.Elapsed, Is.EqualTo(Ms(500)));
    }

    [Test]
    public void A_connection_is_replaced_after_its_number_of_requests([Values(1, 2)] int depth)
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(1));

        LoadResult result = world.Run(Plan(60_000, plan => plan with
        {
            PipelineDepth = depth,
            RequestsPerConnection = 3,
            Count = 10,
        }));

        Assert.That(result.Measured.Ok, Is.EqualTo(10));
        Assert.That(result.Connects, Is.EqualTo(4));
        Assert.That(result.Measured.Failed, Is.Zero);
    }

    [Test]
    public void Without_keep_alive_each_request_has_a_connection()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(1));

        LoadResult result = world.Run(
            Plan(60_000, plan => plan with { KeepAlive = false, Count = 5 }));

        Assert.That(result.Connects, Is.EqualTo(5));
    }

    [Test]
    public void An_answer_exactly_at_the_limit_is_late()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(2000));

        LoadResult result = world.Run(Plan(1000, plan => plan with { Drain = Ms(5000) }));

        Assert.That(result.Measured[Cause.Timeout], Is.EqualTo(1));
        Assert.That(result.Times.Service.Unfinished.Max, Is.EqualTo(2_000_000_000));
    }

    [Test]
    public void Stages_move_the_number_of_connections_linearly()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(1));
        var seen = new List<int>();

        world.Run(
            Plan(3000, plan => plan with
            {
                Connections = 2,
                ConnectionStages = [new Stage(Ms(1000), 10), new Stage(Ms(1000), 4)],
            }),
            it =>
            {
                foreach (double at in (double[])[5, 515, 995, 1515, 2500])
                {
                    it.World.Loop.CallLater(Ms(at), () => seen.Add(it.Connections));
                }
            });

        Assert.That(seen, Is.EqualTo(new[] { 2, 6, 10, 7, 4 }));
    }

    [Test]
    public void A_parse_error_shows_its_rejection_and_bytes()
    {
        using var world = new LoadWorld(
            exchange => exchange.SendAfter(1, "220 smtp\t\u0001\r\n\r\n"));

        LoadResult result = world.Run(Plan(5));

        Assert.That(result.Examples[0].Cause, Is.EqualTo(Cause.Parse));
        Assert.That(result.Examples[0].Text, Does.EndWith(": \"220 smtp\\t\\x01\\r\\n\\r\\n\""));
    }

    [TestCase(new[] { 200 }, null, 0)]
    [TestCase(new[] { 201, 204 }, null, 1905)]
    [TestCase(new int[0], "ok", 0)]
    [TestCase(new int[0], "ko", 1906)]
    public void A_response_is_what_is_expected_or_a_failure(
        int[] statuses, string? part, int cause)
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(1));

        LoadResult result = world.Run(Plan(9.5, plan => plan with
        {
            Expectation = new Expectation
            {
                Statuses = statuses,
                BodyPart = part is null ? default(ReadOnlyMemory<byte>?)
                    : Encoding.ASCII.GetBytes(part),
            },
        }));

        Assert.That(result.Measured.Completed, Is.EqualTo(10));
        Assert.That(result.Measured.Ok, Is.EqualTo(cause == 0 ? 10 : 0));
        Assert.That(cause == 0 || result.Measured[(Cause)cause] == 10);
        Assert.That(result.Statuses[200], Is.EqualTo(10));
    }

#pragma warning disable CS1998 // a server that says nothing is a coroutine nonetheless
    private static async Coroutine Silence()
    {
    }
#pragma warning restore CS1998
}
