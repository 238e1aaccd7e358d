using Reactor;
using Reactor.Net;
using Reactor.Tools.Loadgen;
using static Loadgen.Tests.LoadWorld;

namespace Loadgen.Tests;

/// <summary>
/// The closed loop on virtual time, against a server whose every delay is known. Each run also
/// holds the accounting, see <see cref="LoadWorld.Run"/>.
/// </summary>
public class SimulatedLoadTests
{
    private const string Closing =
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";

    [Test]
    public void A_constant_delay_is_every_percentile()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(5));

        LoadResult result = world.Run(Plan(1002));

        // Sent at 0, 5 … 1000: 201 requests, the last of which is answered in the drain.
        Assert.That(result.Measured.Sent, Is.EqualTo(201));
        Assert.That(result.Measured.Completed, Is.EqualTo(201));
        Assert.That(result.Elapsed, Is.EqualTo(Ms(1002)));
        Assert.That(result.Times.Service.Finished.Max, Is.EqualTo(5_000_000));
        Assert.That(result.Times.Service.Finished.Percentile(0), Is.EqualTo(5_000_000));
        Assert.That(result.Times.Service.Finished.Percentile(50), Is.EqualTo(5_000_000));
        Assert.That(result.Rates, Has.Count.EqualTo(10).And.All.EqualTo(200).Within(10));
        Assert.That(result.Connects, Is.EqualTo(1));
        Assert.That(result.Measured.Bytes, Is.EqualTo(201 * Exchange.Ok.Length));
    }

    [Test]
    public void Of_99_to_1_the_slow_hundredth_shows_above_the_99th_percentile()
    {
        using var world = new LoadWorld(
            exchange => exchange.SendAfter(exchange.Number % 100 == 50 ? 100 : 1));

        // A hundred requests take 99 * 1 + 100 = 199 ms: ten times that, and a half more.
        LoadResult result = world.Run(Plan(1990.5));

        Histogram times = result.Times.Service.Finished;
        Assert.That(times.Count, Is.EqualTo(1001));
        Assert.That(times.Percentile(50), Is.EqualTo(1_000_000).Within(1000));
        Assert.That(times.Percentile(99), Is.EqualTo(1_000_000).Within(1000));
        Assert.That(times.Percentile(99.5m), Is.EqualTo(100_000_000).Within(100_000));
        Assert.That(times.Max, Is.EqualTo(100_000_000));
    }

    [Test]
    public void A_timeout_fires_at_the_limit_without_a_response()
    {
        using var world = new LoadWorld(_ => Silence());

        LoadResult result = world.Run(Plan(5000));

        // Sent at 0; late at 2; again after a pause of 10 ms, late at 4.01; again after 20 ms, and
        // in flight when the drain ends at 6.
        Assert.That(result.Measured.Sent, Is.EqualTo(3));
        Assert.That(result.Measured[Cause.Timeout], Is.EqualTo(2));
        Assert.That(result.Measured.InFlight, Is.EqualTo(1));
        Assert.That(
            world.Ends.Select(end => end.When),
            Is.EqualTo(new[] { Ms(2000), Ms(4010), Ms(6000) }));
        Assert.That(world.Ends[0].Why, Is.EqualTo(CloseReason.PeerReset));
    }

    [Test]
    public void An_answer_at_the_last_moment_before_the_limit_is_in_time()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(1999.9999));

        LoadResult result = world.Run(Plan(3000));

        Assert.That(result.Measured.Completed, Is.EqualTo(2));
        Assert.That(result.Measured.Failed, Is.Zero);
    }

    [Test]
    public void The_limit_counts_from_each_send_and_not_from_the_first()
    {
        // Answers after 1.5 s, but the third never: it is late 2 s after its own send, at 3 + 2.
        using var world = new LoadWorld(
            exchange => exchange.Number == 2 ? Silence() : exchange.SendAfter(1500));

        LoadResult result = world.Run(Plan(5005));

        Assert.That(world.Ends[0].When, Is.EqualTo(Ms(5000)));
        Assert.That(result.Measured[Cause.Timeout], Is.EqualTo(1));
    }

    [Test]
    public void A_connection_that_the_server_announces_to_close_is_replaced_without_an_error()
    {
        using var world = new LoadWorld(
            exchange => exchange.SendAfter(1, exchange.Number % 3 == 2 ? Closing : Exchange.Ok));

        LoadResult result = world.Run(Plan(299.5));

        Assert.That(result.Measured.Sent, Is.EqualTo(300));
        Assert.That(result.Measured.Completed, Is.EqualTo(300));
        Assert.That(result.Reconnects, Is.EqualTo(99)); // after each third, but for the last
    }

    [Test]
    public void In_a_pipeline_each_response_is_a_sample_from_its_own_send()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(1));

        LoadResult result = world.Run(Plan(999.5, plan => plan with { PipelineDepth = 8 }));

        // The first eight leave together and come back after 1, 2 … 8 ms; then one leaves whenever
        // one comes back, and waits behind seven others. What was sent is answered in the drain.
        Assert.That(result.Measured.Sent, Is.EqualTo(8 + 999));
        Assert.That(result.Measured.Completed, Is.EqualTo(8 + 999));
        Histogram times = result.Times.Service.Finished;
        Assert.That(times.Percentile(0), Is.EqualTo(1_000_000).Within(1000));
        Assert.That(times.Percentile(50), Is.EqualTo(8_000_000).Within(8000));
        Assert.That(times.Max, Is.EqualTo(8_000_000));
    }

    [Test]
    public void What_stands_behind_a_closing_response_is_unanswered()
    {
        using var world = new LoadWorld(async exchange =>
        {
            await exchange.SendAfter(1, Closing);
            exchange.Connection.Close();
        });

        LoadResult result = world.Run(Plan(9.5, plan => plan with { PipelineDepth = 4 }));

        // Ten connections, each with four requests: one answered, three behind it.
        Assert.That(result.Measured.Sent, Is.EqualTo(40));
        Assert.That(result.Measured.Completed, Is.EqualTo(10));
        Assert.That(result.Measured[Cause.Unanswered], Is.EqualTo(30));
        Assert.That(result.Times.Response.Count, Is.EqualTo(40));
    }

    [Test]
    public void A_reset_is_a_read_error_of_all_that_was_in_flight()
    {
        using var world = new LoadWorld(async exchange =>
        {
            await EventLoop.Delay(Ms(1));
            exchange.Connection.Abort();
        });

        LoadResult result = world.Run(Plan(5, plan => plan with { PipelineDepth = 3 }));

        Assert.That(result.Measured.Sent, Is.EqualTo(3));
        Assert.That(result.Measured[Cause.Reset], Is.EqualTo(3));
    }

    [TestCase("", 1901)]
    [TestCase("HTTP/1.1 200 OK\r\n", 1902)]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", 1902)]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf", 1902)]
    public void A_stream_that_ends_too_early_is_an_eof_before_or_within_the_response(
        string text, int cause)
    {
        using var world = new LoadWorld(async exchange =>
        {
            await exchange.SendAfter(1, text);
            exchange.Connection.Close();
        });

        LoadResult result = world.Run(Plan(5));

        Assert.That(result.Measured[(Cause)cause], Is.EqualTo(1));
        Assert.That(result.Measured.Sent, Is.EqualTo(1));
    }

    [Test]
    public void A_body_that_ends_with_the_stream_is_a_response()
    {
        using var world = new LoadWorld(async exchange =>
        {
            await exchange.SendAfter(1, "HTTP/1.1 200 OK\r\n\r\nbody");
            await EventLoop.Delay(Ms(1));
            exchange.Connection.Close();
        });

        LoadResult result = world.Run(Plan(9.5));

        Assert.That(result.Measured.Completed, Is.EqualTo(5));
        Assert.That(result.Times.Service.Finished.Max, Is.EqualTo(2_000_000));
        Assert.That(result.Measured.Failed, Is.Zero);
    }

    [Test]
    public void What_is_no_http_is_a_parse_error()
    {
        using var world = new LoadWorld(
            exchange => exchange.SendAfter(1, "220 smtp ready\r\n\r\n"));

        LoadResult result = world.Run(Plan(5, plan => plan with { PipelineDepth = 2 }));

        Assert.That(result.Measured[Cause.Parse], Is.EqualTo(1));
        Assert.That(result.Measured[Cause.Unanswered], Is.EqualTo(1));
    }

    [Test]
    public void A_response_too_many_ends_the_connection_and_is_told()
    {
        using var world = new LoadWorld(
            exchange => exchange.SendAfter(1, Exchange.Ok + Exchange.Ok));

        LoadResult result = world.Run(Plan(5));

        Assert.That(result.Measured.Unasked, Is.EqualTo(1));
        Assert.That(result.Measured.Completed, Is.EqualTo(1));
    }

    [Test]
    public void A_status_that_is_no_success_completes_and_is_told()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(
            1, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"));

        LoadResult result = world.Run(Plan(9.5));

        Assert.That(result.Measured.Completed, Is.EqualTo(10));
        Assert.That(result.Measured[FailureRow.Status], Is.EqualTo(10));
        Assert.That(result.HasSuccess, Is.False);
    }

    [Test]
    public void A_server_that_goes_away_costs_connect_errors_and_no_requests()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(1, Closing));

        LoadResult result = world.Run(
            Plan(1000),
            it => it.World.Loop.CallLater(Ms(100.5), () => it.StopListening()));

        // The last request leaves at 100; then pauses of 10, 20, 40, 80, 160 and 200 … ms from 101
        // on are followed by attempts at 101, 111, 131, 171, 251, 411, 611 and 811.
        Assert.That(result.Measured.Completed, Is.EqualTo(101));
        Assert.That(result.Measured.ConnectErrors, Is.EqualTo(8));
    }

    [Test]
    public void The_warm_up_has_books_of_its_own()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(10));

        LoadResult result = world.Run(Plan(1000, plan => plan with { WarmUp = Ms(95) }));

        // Sent at 0 … 90 before the window, at 100 … 1090 in it.
        Assert.That(result.WarmUp.Sent, Is.EqualTo(10));
        Assert.That(result.WarmUp.Completed, Is.EqualTo(10));
        Assert.That(result.Measured.Sent, Is.EqualTo(100));
        Assert.That(result.Elapsed, Is.EqualTo(Ms(1000)));
    }

    [TestCase(1000, 2, 0)]
    [TestCase(100, 1, 1)]
    public void The_drain_waits_so_long_and_the_rest_is_in_flight(
        int drainMs, int completed, int inFlight)
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(600));

        LoadResult result = world.Run(Plan(1000, plan => plan with { Drain = Ms(drainMs) }));

        Assert.That(result.Measured.Completed, Is.EqualTo(completed));
        Assert.That(result.Measured.InFlight, Is.EqualTo(inFlight));
    }

    [Test]
    public void An_interruption_ends_the_window_where_it_comes()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(1));

        LoadResult result = world.Run(
            Plan(10_000),
            it => it.World.Loop.CallLater(Ms(350.5), () => it.Interruption!.SetResult(default)));

        Assert.That(result.IsInterrupted);
        Assert.That(result.Elapsed, Is.EqualTo(Ms(350.5)));
        Assert.That(result.Measured.Completed, Is.EqualTo(351));
    }

    [Test]
    public void An_interruption_before_the_start_time_starts_nothing()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(1));
        var start = new DateTimeOffset(2000, 1, 1, 0, 0, 10, TimeSpan.Zero);

        LoadResult result = world.Run(
            Plan(1000, plan => plan with { StartAt = start }),
            it => it.World.Loop.CallLater(Ms(5000), () => it.Interruption!.SetResult(default)));

        Assert.That(result.IsInterrupted);
        Assert.That(result.Measured.Scheduled, Is.Zero);
        Assert.That(result.Connects, Is.Zero);
    }

    [Test]
    public void An_interruption_in_the_drain_ends_it_and_leaves_the_window_complete()
    {
        using var world = new LoadWorld(_ => Silence());

        LoadResult result = world.Run(
            Plan(1000),
            it => it.World.Loop.CallLater(Ms(1200), () => it.Interruption!.SetResult(default)));

        Assert.That(result.IsInterrupted, Is.False);
        Assert.That(result.Elapsed, Is.EqualTo(Ms(1000)));
        Assert.That(result.Times.Service.Unfinished.Max, Is.EqualTo(1_200_000_000));
    }

    [Test]
    public void A_request_that_asks_to_close_has_a_connection_of_its_own()
    {
        using var world = new LoadWorld(exchange => exchange.SendAfter(1));
        LoadPlan plan = PlanWords.Read("http://127.0.0.1/x", "-H", "Connection: close") with
        {
            Connections = 1,
            WarmUp = TimeSpan.Zero,
            Duration = Ms(9.5),
        };

        LoadResult result = world.Run(plan);

        Assert.That(result.Measured.Completed, Is.EqualTo(10));
        Assert.That(result.Connects, Is.EqualTo(10));
    }

#pragma warning disable CS1998 // a server that says nothing is a coroutine nonetheless
    private static async Coroutine Silence()
    {
    }
#pragma warning restore CS1998
}
