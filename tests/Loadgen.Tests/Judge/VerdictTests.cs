using System.Net.Sockets;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>Each rule of the verdict at exactly its limit and beyond, and their order.</summary>
public class VerdictTests
{
    private const int Us = SampleRun.Us;
    private const int Ms = SampleRun.Ms;

    [Test]
    public void A_run_of_which_nothing_can_be_said_is_valid()
    {
        Judgement judgement = SampleRun.Open().Judge();

        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Valid));
        Assert.That(judgement.Reason, Is.Empty);
        Assert.That(judgement.InternalError, Is.Null);
        Assert.That(judgement.Achieved, Is.EqualTo(1));
    }

    // With a p99 of 400 us its tenth is 40 us, so the floors of 1 ms and 100 us count; with one of
    // 20 ms the tenth, 2 ms.
    [TestCase(400 * Us, 1 * Ms, Verdict.Valid)]
    [TestCase(400 * Us, (1 * Ms) + 1, Verdict.ClientLimited)]
    [TestCase(20 * Ms, 2 * Ms, Verdict.Valid)]
    [TestCase(20 * Ms, (2 * Ms) + 1, Verdict.ClientLimited)]
    public void The_lag_of_the_loop(long responseP99, long lag, object verdict)
    {
        LoadResult result = SampleRun.Open(times: times =>
        {
            SampleRun.Fill(times.Response.Finished, responseP99, 100_000);
            SampleRun.Fill(times.LoopLag, lag, 1000);
        });

        Assert.That(result.Judge().Verdict, Is.EqualTo(verdict));
        Assert.That(SampleRun.Closed(times: times => SampleRun.Fill(times.LoopLag, 2 * Ms, 1000))
            .Judge().Verdict, Is.EqualTo(Verdict.ClientLimited), "in a closed loop too");
    }

    [TestCase(400 * Us, 100 * Us, Verdict.Valid)]
    [TestCase(400 * Us, (100 * Us) + 1, Verdict.ClientLimited)]
    [TestCase(20 * Ms, 2 * Ms, Verdict.Valid)]
    [TestCase(20 * Ms, (2 * Ms) + 1, Verdict.ClientLimited)]
    public void The_lateness_of_releases(long responseP99, long lateness, object verdict)
    {
        LoadResult result = SampleRun.Open(times: times =>
        {
            SampleRun.Fill(times.Response.Finished, responseP99, 100_000);
            SampleRun.Fill(times.Lateness, lateness, 100_000);
        });

        Assert.That(result.Judge().Verdict, Is.EqualTo(verdict));
    }

    [TestCase(99_000, 9.5, 1, Verdict.Valid)] // exactly 99 % was achieved
    [TestCase(98_999, 9.0, 1, Verdict.ServerSaturated)] // exactly 90 % of the thread's time
    [TestCase(98_999, 9.0001, 1, Verdict.ClientLimited)]
    [TestCase(98_999, 9.5, 2, Verdict.ServerSaturated)] // the time of two threads is 20 s
    public void The_CPU_of_the_client_counts_when_less_than_asked_was_achieved(
        int ok, double cpuSeconds, int threads, object verdict)
    {
        int lost = 100_000 - ok;
        LoadResult result = SampleRun.Open().Lose(lost, books => books.InFlight = lost);
        result = result with
        {
            Run = result.Run with { Threads = threads },
            Client = new ClientHealth { CpuTime = TimeSpan.FromSeconds(cpuSeconds) },
        };

        Assert.That(result.Judge().Verdict, Is.EqualTo(verdict));
    }

    [Test]
    public void A_busy_client_in_a_closed_loop_is_a_remark_because_nothing_was_asked()
    {
        Judgement judgement = (SampleRun.Closed() with
        {
            Client = new ClientHealth { CpuTime = TimeSpan.FromSeconds(9.7) },
        }).Judge();

        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Valid));
        Assert.That(judgement.Reason, Does.Contain("97.0%").And.Contain("its limit"));
    }

    // The median service time is 380 us: three times the fastest from 126.7 us on.
    [TestCase(100 * Us, 200, 64, Verdict.Valid)]
    [TestCase((100 * Us) + 1, 200, 64, Verdict.ConnectionLimited)]
    [TestCase((100 * Us) + 1, 127, 64, Verdict.ConnectionLimited)]
    [TestCase((100 * Us) + 1, 126, 64, Verdict.ServerSaturated)]
    [TestCase((100 * Us) + 1, 1, 1, Verdict.ConnectionLimited)] // one request is alone
    public void Requests_that_waited_for_a_connection(
        long queue, int fastestUs, int connections, object verdict)
    {
        LoadResult result = SampleRun.Open(
            times: times => SampleRun.Fill(times.Queue, queue, 100_000));
        result = result with
        {
            Run = result.Run with { Connections = connections },
            FastestService = TimeSpan.FromMicroseconds(fastestUs),
        };

        Judgement judgement = result.Judge();

        Assert.That(judgement.Verdict, Is.EqualTo(verdict));
        if (verdict is Verdict.ConnectionLimited)
        {
            Assert.That(judgement.Reason, Does.Contain("Raise -c"));
        }
    }

    [TestCase(1000, Verdict.Valid)]
    [TestCase(1001, Verdict.ConnectionLimited)]
    public void Dropped_requests(int dropped, object verdict) => Assert.That(
        SampleRun.Open().Lose(dropped, books => books.Dropped = dropped).Judge().Verdict,
        Is.EqualTo(verdict));

    [Test]
    public void A_server_below_99_percent_is_saturated_and_the_lost_requests_are_named()
    {
        Judgement judgement = SampleRun.Open().Lose(1001, books =>
        {
            books.Fail(Cause.Reset, 1);
            books.Fail(Cause.Timeout, 1000);
        }).Judge();

        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.ServerSaturated));
        Assert.That(judgement.Reason, Does.StartWith("99.0% of the asked").And.Contain("1001"));
    }

    [TestCase(400, 300, 300, Verdict.Valid)] // exactly 1 %
    [TestCase(400, 300, 301, Verdict.ServerSaturated)]
    [TestCase(50_000, 0, 0, Verdict.ServerSaturated)]
    public void A_closed_loop_that_loses_requests(
        int resets, int timeouts, int inFlight, object verdict)
    {
        int lost = resets + timeouts + inFlight;
        LoadResult result = SampleRun.Closed().Lose(lost, books =>
        {
            books.Fail(Cause.Reset, resets);
            books.Fail(Cause.Timeout, timeouts);
            books.InFlight = inFlight;
        });
        RunDescription run = result.Run with { Drain = TimeSpan.FromSeconds(1) };
        Judgement judgement = (result with { Run = run }).Judge();

        Assert.That(judgement.Verdict, Is.EqualTo(verdict));
        if (verdict is Verdict.ServerSaturated)
        {
            Assert.That(
                judgement.Reason,
                Does.StartWith($"{lost} of 100000 requests have no response, {inFlight} of them"));
        }
    }

    [TestCase(3800, Verdict.Valid)] // in ticks: the drain is the median service time
    [TestCase(3801, Verdict.ServerSaturated)]
    public void A_closed_loop_ends_with_requests_in_flight_that_had_no_time(
        long drain, object verdict)
    {
        LoadResult result = SampleRun.Closed().Lose(1001, books => books.InFlight = 1001);
        RunDescription run = result.Run with { Drain = TimeSpan.FromTicks(drain) };

        Assert.That((result with { Run = run }).Judge().Verdict, Is.EqualTo(verdict));
    }

    [TestCase(1000, "1000 of 100000 requests failed.")] // exactly 1 %
    [TestCase(1001, "1001 of 100000 requests have a response that is no success; ")]
    public void Failures_by_status_are_complete_responses_and_a_remark(int count, string remark)
    {
        foreach (LoadResult result in new[] { SampleRun.Open(), SampleRun.Closed() })
        {
            Judgement judgement = result.Lose(
                count, books => books.Fail(Cause.Status5xx, count)).Judge();

            Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Valid));
            Assert.That(judgement.Reason, Does.StartWith(remark));
        }
    }

    // The integral of the rate is 100,000. Poisson arrivals differ from it by chance, and a burst
    // of 5,000 may come due as a whole just before the end: what came due is what was asked.
    [TestCase(100_000, 103_000, 0, Verdict.Valid)]
    [TestCase(104_000, 100_000, 1040, Verdict.Valid)] // exactly 99 %
    [TestCase(104_000, 100_000, 1041, Verdict.ServerSaturated)]
    [TestCase(105_000, 100_000, 5000, Verdict.ServerSaturated)]
    public void What_came_due_is_what_was_asked(
        int due, double integral, int lost, object verdict)
    {
        LoadResult result = SampleRun.Open(due).Lose(lost, books => books.InFlight = lost);
        result = result with { Run = result.Run with { AskedRequests = integral } };

        Judgement judgement = result.Judge();

        Assert.That(judgement.Verdict, Is.EqualTo(verdict));
        Assert.That(judgement.Achieved, Is.EqualTo((double)(due - lost) / due));
    }

    [TestCase(1907, "this program had no descriptor left for 7 connects.")]
    [TestCase(1908, "this machine had no local port left for 7 connects.")]
    public void A_shortage_of_the_client_is_not_blamed_on_the_server(int cause, string reason)
    {
        LoadResult result = SampleRun.Open().Lose(
            69_000, books => books.Fail((Cause)cause, 69_000)) with
        {
            ConnectFailures = new Dictionary<Cause, long> { [(Cause)cause] = 7 },
            EndedDisconnected = true,
            LastResponseAt = TimeSpan.FromSeconds(3.1),
            Intervals = SampleRun.Seconds(10, 500, 900),
            LongestSilence = new Silence(TimeSpan.FromSeconds(3.1), TimeSpan.FromSeconds(6.9)),
        };

        Judgement judgement = result.Judge();

        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.ClientLimited));
        Assert.That(judgement.Reason, Does.StartWith(reason));
        Assert.That(judgement.WentAwayAt, Is.Null);

        result.Measured.Ok = 0;
        Assert.That(result.Judge().Verdict, Is.EqualTo(Verdict.ClientLimited), "no response");
    }

    [TestCase(SocketError.TooManyOpenSockets, 1907)]
    [TestCase(SocketError.AddressNotAvailable, 1908)]
    [TestCase(SocketError.ConnectionRefused, 1212)]
    public void A_connect_names_what_was_missing(SocketError error, int cause) =>
        Assert.That((int)ConnectCause.Of(error), Is.EqualTo(cause));

    [TestCase(100_000, Verdict.Valid)]
    [TestCase(99_999, Verdict.TooFewSamples)]
    public void Ten_samples_above_the_highest_percentile(int count, object verdict)
    {
        Judgement judgement = SampleRun.Open(count).Judge();

        Assert.That(judgement.Verdict, Is.EqualTo(verdict));
        if (verdict is not Verdict.Valid)
        {
            Assert.That(judgement.Reason, Does.Contain("p99.99").And.Contain("100000"));
        }
    }

    [TestCase("50", 20)]
    [TestCase("90", 100)]
    [TestCase("99", 1000)]
    [TestCase("99.9", 10_000)]
    [TestCase("100", 1)] // the maximum
    public void A_percentile_is_known_from_a_number_of_samples(string percent, long count)
    {
        decimal known = decimal.Parse(percent, System.Globalization.CultureInfo.InvariantCulture);

        Assert.That(SampleRule.IsKnown(known, count), Is.True);
        Assert.That(SampleRule.IsKnown(known, count - 1), Is.False);
    }

    [Test]
    public void Without_an_answer_the_verdict_says_so()
    {
        LoadResult result = SampleRun.Open(0) with { Intervals = [], LastResponseAt = null };
        result.Measured.Scheduled = result.Measured.InFlight = 9;

        Judgement judgement = result.Judge();

        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.TooFewSamples));
        Assert.That(judgement.Reason, Does.Contain("the server did not answer"));
    }

    [Test]
    public void The_client_s_fault_stands_before_all_others()
    {
        LoadResult result = SampleRun.Open(5000, times =>
        {
            SampleRun.Fill(times.Lateness, 2 * Ms, 5000);
            SampleRun.Fill(times.Queue, 2 * Ms, 5000);
        }).Lose(1000, books => books.Dropped = 1000) with
        {
            Intervals = SampleRun.Seconds(10, 500, 900),
        };

        Assert.That(result.Judge().Verdict, Is.EqualTo(Verdict.ClientLimited));
    }

    [Test]
    public void Rows_that_do_not_add_up_are_a_bug_of_this_program()
    {
        LoadResult result = SampleRun.Open();
        result.Measured.Ok--;

        Assert.That(
            result.Judge().InternalError,
            Is.EqualTo("the accounting of the window does not add up: of 100000 scheduled " +
                "requests 1 are in no row."));

        result.Measured.Ok++;
        result.WarmUp.Ok = 2;
        Assert.That(
            result.Judge().InternalError,
            Does.Contain("warm-up").And.EndsWith("requests 2 are in two rows."));
    }
}
