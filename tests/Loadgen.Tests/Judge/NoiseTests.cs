using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>
/// The rules of the verdict on rates that vary, on stalls, and on a server that went away.
/// </summary>
public class NoiseTests
{
    private const int Us = SampleRun.Us;
    private const int Ms = SampleRun.Ms;

    // The deviation of 90, 100 and 110 is 10, of 89, 100 and 111 it is 11.
    [TestCase(new long[] { 90, 100, 110 }, Verdict.TooFewSamples)]
    [TestCase(new long[] { 89, 100, 111 }, Verdict.Noisy)]
    [TestCase(new long[] { 50, 150 }, Verdict.TooFewSamples)] // two seconds say nothing
    [TestCase(new long[] { 5, 10, 15 }, Verdict.Noisy)] // ten a second on average
    [TestCase(new long[] { 4, 10, 15 }, Verdict.TooFewSamples)]
    public void The_rates_of_whole_seconds(long[] arrived, object verdict)
    {
        LoadResult result = SampleRun.Closed(arrived.Sum()) with
        {
            Intervals = SampleRun.Seconds(arrived),
        };

        Assert.That(result.Judge().Verdict, Is.EqualTo(verdict));
    }

    [Test]
    public void In_an_open_loop_the_rate_is_relative_to_the_asked_one()
    {
        Assert.That(Of([100, 500, 900], [100, 500, 900]), Is.EqualTo(Verdict.Valid), "a ramp");
        Assert.That(Of([500, 500, 500], [500, 0, 1000]), Is.EqualTo(Verdict.Noisy));
        Assert.That(Of([0, 500, 500, 500], [9, 500, 500, 500]), Is.EqualTo(Verdict.Valid));

        static Verdict Of(long[] scheduled, long[] arrived) => (SampleRun.Open() with
        {
            Intervals = SampleRun.Seconds(scheduled, arrived),
        }).Judge().Verdict;
    }

    [Test]
    public void Intervals_shorter_than_a_second_are_joined()
    {
        // Ten times (200, 0) is 1000 in each second: steady.
        long[] tenths = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? 200L : 0L)];
        IReadOnlyList<Interval> intervals =
            SampleRun.Split(TimeSpan.FromMilliseconds(100), tenths, tenths);

        Assert.That(
            (SampleRun.Closed() with { Intervals = intervals }).Judge().Verdict,
            Is.EqualTo(Verdict.Valid));
    }

    // Seconds of 50, 100 and 150: the interval of the log must not hide them.
    [TestCase(null, Verdict.Noisy)]
    [TestCase("100/s uniform", Verdict.Noisy)]
    [TestCase("50/s, to 150/s in 30s, uniform", Verdict.Valid)] // a ramp
    [TestCase("100/s poisson", Verdict.Valid)] // chance
    public void Intervals_longer_than_a_second_do_not_hide_noise(string? load, object verdict)
    {
        LoadResult result = SampleRun.Closed() with
        {
            Elapsed = TimeSpan.FromSeconds(1000),
            Intervals = SampleRun.Split(TimeSpan.FromSeconds(1000), [100_000], [100_000]),
            Rates = Tenths(50, 100, 150),
        };
        RunDescription run = result.Run with
        {
            Load = load,
            Interval = TimeSpan.FromSeconds(1000),
        };

        Assert.That((result with { Run = run }).Judge().Verdict, Is.EqualTo(verdict));
        Assert.That(
            (result with { Run = run, Rates = Tenths(95, 100, 105) }).Judge().Verdict,
            Is.EqualTo(Verdict.Valid));

        // The half of the samples is 0, so a second is more than its samples.
        static double[] Tenths(params double[] rates) =>
            [.. rates.SelectMany(rate => Enumerable.Range(0, 10).Select(i => i % 2 * rate * 2))];
    }

    [Test]
    public void A_closed_loop_that_changes_its_connections_is_not_noisy()
    {
        LoadResult result = SampleRun.Closed() with
        {
            Intervals = SampleRun.Seconds(100, 500, 900),
        };

        Assert.That(result.Judge().Verdict, Is.EqualTo(Verdict.Noisy));
        Assert.That(
            (result with { Run = result.Run with { HasConnectionStages = true } }).Judge().Verdict,
            Is.EqualTo(Verdict.Valid));
    }

    [Test]
    public void A_closed_loop_stopped_for_half_of_its_time_names_the_silence()
    {
        Judgement judgement = (SampleRun.Closed() with
        {
            Elapsed = TimeSpan.FromSeconds(6),
            Intervals = SampleRun.Seconds(1000, 1000, 0, 0, 0, 1000),
            LongestSilence = new Silence(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)),
        }).Judge();

        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Noisy));
        Assert.That(judgement.Reason, Does.StartWith("no response for 3.0 s, from 2.0 s on"));
    }

    [TestCase(200, 0, 380 * Us, Verdict.Valid)] // exactly a tenth of 2 s
    [TestCase(200, 1, 380 * Us, Verdict.Noisy)]
    [TestCase(300, 0, 30 * Ms, Verdict.Valid)] // exactly ten median service times
    [TestCase(300, 1, 30 * Ms, Verdict.Noisy)]
    public void A_run_too_short_for_a_variation_is_noisy_by_a_stall(
        int silenceMs, int ticks, int service, object verdict)
    {
        LoadResult result = SampleRun.Closed(
            times: times => SampleRun.Fill(times.Service.Finished, service, 100_000)) with
        {
            Elapsed = TimeSpan.FromSeconds(2),
            Intervals = SampleRun.Seconds(1000, 10),
            LongestSilence = new Silence(
                TimeSpan.Zero, TimeSpan.FromMilliseconds(silenceMs) + TimeSpan.FromTicks(ticks)),
        };

        Assert.That(result.Judge().Verdict, Is.EqualTo(verdict));
    }

    [TestCase(1_000_000, "no response for 0.1 s")] // 100 ms
    [TestCase(999_999, "the rate of a second varied by 50.0%")]
    public void A_noisy_run_names_a_silence_of_100_ms(long ticks, string reason)
    {
        Judgement judgement = (SampleRun.Closed() with
        {
            Intervals = SampleRun.Seconds(50, 100, 150),
            LongestSilence = new Silence(TimeSpan.Zero, TimeSpan.FromTicks(ticks)),
        }).Judge();

        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Noisy));
        Assert.That(judgement.Reason, Does.StartWith(reason));
    }

    // In a run of 10 s a silence of 100 ms is the hundredth that a p99 is about: 1000 requests are
    // due in it, and as many may wait behind them.
    [TestCase(1_000_000, 50, 1500, Verdict.Valid)]
    [TestCase(1_000_000, 50, 2000, Verdict.Valid)]
    [TestCase(1_000_000, 50, 2001, Verdict.ConnectionLimited)]
    [TestCase(1_000_000, 50, 100_000, Verdict.ConnectionLimited)] // all waited
    [TestCase(999_999, 50, 1500, Verdict.ConnectionLimited)]
    [TestCase(1_000_000, 101, 1500, Verdict.ConnectionLimited)] // longer than the silence
    public void A_stall_explains_a_queue(
        long ticks, int queueMs, int waits, object verdict) => Assert.That(
        (SampleRun.Open(times: times => SampleRun.Fill(times.Queue, queueMs * Ms, waits)) with
        {
            LongestSilence = new Silence(TimeSpan.Zero, TimeSpan.FromTicks(ticks)),
        }).Judge().Verdict,
        Is.EqualTo(verdict));

    // 2 % were dropped, which were due in 200 ms.
    [TestCase(2_000_000, Verdict.ServerSaturated)]
    [TestCase(1_999_999, Verdict.ConnectionLimited)]
    public void A_stall_explains_drops(long ticks, object verdict) => Assert.That(
        (SampleRun.Open().Lose(2000, books => books.Dropped = 2000) with
        {
            LongestSilence = new Silence(TimeSpan.Zero, TimeSpan.FromTicks(ticks)),
        }).Judge().Verdict,
        Is.EqualTo(verdict));

    [Test]
    public void A_stopped_server_in_an_open_loop_is_not_the_client_s_fault()
    {
        // 500/s for 10 s with 16 connections, stopped for 1 s: 16 requests wait in the server, 484
        // for a connection, and all are answered at once when it goes on.
        LoadResult result = SampleRun.Open(5000, times =>
        {
            for (int i = 1; i <= 500; i++)
            {
                times.Response.Finished.Record(i * 2 * Ms);
                (i > 484 ? times.Service.Finished : times.Queue).Record(i * 2 * Ms);
            }
        }) with
        {
            Intervals = SampleRun.Seconds(
                [500, 500, 500, 500, 500, 500, 500, 500, 500, 500],
                [500, 500, 500, 500, 0, 1000, 500, 500, 500, 500]),
            LongestSilence = new Silence(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(1)),
        };

        Judgement judgement = result.Judge();

        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Noisy));
        Assert.That(judgement.Reason, Does.StartWith("no response for 1.0 s, from 4.0 s on"));
        Assert.That(
            (result with { Intervals = [] }).Judge().Verdict,
            Is.EqualTo(Verdict.TooFewSamples),
            "the stall explains the queue, so more connections would not help");
    }

    [Test]
    public void A_server_that_went_away_is_named_with_its_rate_until_then()
    {
        LoadResult result = SampleRun.Open().Lose(69_000, books =>
        {
            books.Fail(Cause.Reset, 64);
            books.Fail(Cause.ConnectRefused, 68_936);
        }) with
        {
            EndedDisconnected = true,
            LastResponseAt = TimeSpan.FromSeconds(3.1),
            Client = new ClientHealth { CpuTime = TimeSpan.FromSeconds(9.9) },
        };

        Judgement judgement = result.Judge();

        Assert.That(judgement.WentAwayAt, Is.EqualTo(TimeSpan.FromSeconds(3.1)));
        Assert.That(judgement.RateWhileThere, Is.EqualTo(10_000).Within(1e-6)); // 31,000 ÷ 3.1 s
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Noisy));
        Assert.That(judgement.Reason, Does.StartWith("the server went away at 3.1 s."));
    }

    [Test]
    public void A_server_that_answered_only_the_warm_up_went_away_before_the_window()
    {
        LoadResult result = SampleRun.Open(0) with
        {
            EndedDisconnected = true,
            LastResponseAt = null,
        };
        result.Measured.Scheduled = 9;
        result.Measured.Fail(Cause.ConnectRefused, 9);

        Assert.That(result.Judge().WentAwayAt, Is.Null, "it never was there");

        result.WarmUp.Scheduled = result.WarmUp.Ok = 5;
        Judgement judgement = result.Judge();

        Assert.That(judgement.WentAwayAt, Is.EqualTo(TimeSpan.Zero));
        Assert.That(judgement.RateWhileThere, Is.Null);
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.TooFewSamples));
        Assert.That(judgement.Reason, Does.StartWith("the server answered only the warm-up"));
    }

    [Test]
    public void A_server_that_ends_after_its_last_response_did_not_go_away() => Assert.That(
        (SampleRun.Open() with { EndedDisconnected = true }).Judge().WentAwayAt, Is.Null);
}
