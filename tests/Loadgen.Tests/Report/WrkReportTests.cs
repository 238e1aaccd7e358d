using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>
/// wrk's block of results that were made by hand. The expected text was written by hand, from the
/// widths and units in wrk's own output.
/// </summary>
public class WrkReportTests
{
    [TestCase(0, "0.00us")]
    [TestCase(412.1, "412.10us")]
    [TestCase(849.99, "849.99us")]
    [TestCase(850, "0.85ms")] // wrk steps up at 0.85 of the next unit
    [TestCase(9810, "9.81ms")]
    [TestCase(999_999, "1000.00ms")]
    [TestCase(1_000_000, "1.00s")]
    [TestCase(10_000_000, "10.00s")]
    [TestCase(51_000_000, "0.85m")]
    public void Times(double microseconds, string text) =>
        Assert.That(WrkUnits.Time(microseconds), Is.EqualTo(text));

    [TestCase(11.2, "11.20")]
    [TestCase(849, "849.00")]
    [TestCase(850, "0.85k")]
    [TestCase(20_000, "20.00k")]
    [TestCase(1_250_000, "1.25M")]
    public void Counts(double count, string text) =>
        Assert.That(WrkUnits.Metric(count), Is.EqualTo(text));

    [TestCase(100, "100.00")]
    [TestCase(2048, "2.00K")]
    [TestCase(28_636_610, "27.31M")]
    public void Bytes(double bytes, string text) =>
        Assert.That(WrkUnits.Binary(bytes), Is.EqualTo(text));

    [Test]
    public void The_opening_names_the_plan() => Assert.That(
        WrkReport.Opening(SampleRun.Closed(0).Run with { Threads = 2 }),
        Is.EqualTo(
            """
            Running 10s test @ http://127.0.0.1:8080/plaintext
              2 threads and 64 connections

            """));

    [Test]
    public void A_clean_result()
    {
        // Two values, a thousand times each: mean 300 us; the deviation of the sample is
        // 100 us * sqrt(2000/1999) = 100.03 us, so all lie just inside it.
        LoadResult result = SampleRun.Closed(2000, times =>
        {
            SampleRun.Fill(times.Service.Finished, 200_000, 1000);
            SampleRun.Fill(times.Service.Finished, 400_000, 2000);
        });
        result.Measured.Bytes = 2000 * 143;

        // Counters at 200,000 ns are 128 wide and at 400,000 ns 256: upper ends 200,063 (1562 * 128
        // = 199,936) and 400,127, which the largest value, 400,000, cuts off.
        Assert.That(
            WrkReport.Of(result, true),
            Is.EqualTo(
                """
                  Thread Stats   Avg      Stdev     Max   +/- Stdev
                    Latency   300.00us  100.03us 400.00us  100.00%
                    Req/Sec    20.00      0.00    20.00    100.00%
                  Latency Distribution
                     50%  200.06us
                     75%  400.00us
                     90%  400.00us
                     99%  400.00us
                  2000 requests in 10.00s, 279.30KB read
                Requests/sec:    200.00
                Transfer/sec:     27.93KB

                """));
    }

    [Test]
    public void The_times_count_from_the_schedule_if_there_is_one()
    {
        Assert.That(WrkReport.Of(SampleRun.Open(), true), Does.Contain("     99%  400.00us\n"));
        Assert.That(WrkReport.Of(SampleRun.Closed(), true), Does.Contain("     99%  380.00us\n"));
    }

    [Test]
    public void Errors_add_lines_as_wrk_has_them_and_reading_errors_are_one_number()
    {
        LoadResult result = SampleRun.Closed(31).Lose(30, books =>
        {
            books.Fail(Cause.Status4xx, 2);
            books.Fail(Cause.Timeout, 4);
            books.Fail(Cause.Reset, 5);
            books.Fail(Cause.BrokenPipe, 6);
            books.Fail(Cause.EofBeforeResponse, 1);
            books.Fail(Cause.Parse, 2);
            books.Fail(Cause.Unanswered, 7);
            books.InFlight = 3;
            books.ConnectErrors = 9;
        });

        Assert.That(
            WrkReport.Of(result, true),
            Does.Contain("  3 requests in 10.00s, 0.00B read\n"
                + "  Socket errors: connect 9, read 15, write 6, timeout 4\n"
                + "  Non-2xx or 3xx responses: 2\nRequests/sec:"));
    }

    [Test]
    public void A_request_that_failed_by_a_connect_is_not_a_reading_error_too()
    {
        Cause[] causes = [Cause.Resolve, Cause.Connect, Cause.ConnectTimeout,
            Cause.ConnectRefused, Cause.Descriptors, Cause.Ports];
        LoadResult result = SampleRun.Closed(20).Lose(13, books =>
        {
            foreach (Cause cause in causes)
            {
                books.Fail(cause, 2);
            }

            books.Fail(Cause.Reset, 1);
            books.ConnectErrors = 12;
        });

        Assert.That(
            WrkReport.Of(result, false),
            Does.Contain("  Socket errors: connect 12, read 1, write 0, timeout 0\n"));
    }

    [Test]
    public void A_server_that_hangs_has_no_times()
    {
        LoadResult result = SampleRun.Closed(0) with { Rates = [] };

        string text = WrkReport.Of(result, true);

        Assert.That(
            text,
            Does.StartWith(
                "  Thread Stats   Avg      Stdev     Max   +/- Stdev\n" +
                "    Latency        –         –        –        –  \n" +
                "    Req/Sec     0.00      0.00     0.00      0.00%\n" +
                "  Latency Distribution\n" +
                "     50%       –  \n" +
                "     75%       –  \n" +
                "     90%       –  \n" +
                "     99%       –  \n"));
        Assert.That(text, Does.Contain("Requests/sec:      0.00\n"));
        Assert.That(text, Does.Not.Contain("0.00us").And.Not.Contain("NaN"));
    }

    [Test]
    public void Requests_without_a_response_make_a_percentile_a_lower_bound()
    {
        // 30 of 1000 timed out at 2 s: the 970 others end at p97.
        LoadResult result = SampleRun.Open(
            1000, times => SampleRun.Fill(times.Response.Unfinished, 2_000_000_000, 30));

        string text = WrkReport.Of(result, true);

        Assert.That(text, Does.Contain("     90%  400.00us\n     99%   >2.00s \n"));
        Assert.That(text, Does.Match(@"    Latency +\S+ +\S+ +>2\.00s +\S+%\n"));
    }

    [Test]
    public void A_percentile_of_too_few_samples_is_unknown()
    {
        Assert.That(WrkReport.Of(SampleRun.Open(1000), true), Does.Contain("     99%  400.00us\n"));
        Assert.That(WrkReport.Of(SampleRun.Open(999), true), Does.Contain("     99%       –  \n"));
    }

    [Test]
    public void Without_the_option_there_is_no_distribution_as_in_wrk() => Assert.That(
        WrkReport.Of(SampleRun.Open(), false),
        Does.Not.Contain("Distribution").And.Not.Contain("99%").And.Contain("Requests/sec:"));

    [Test]
    public void An_exact_number_opens_with_that_number_and_not_with_the_longest_duration()
    {
        RunDescription run = SampleRun.Open().Run with
        {
            Count = 5,
            Duration = DurationText.Max,
        };

        Assert.That(WrkReport.Opening(run), Does.StartWith("Running 5 requests test @ http://"));
        Assert.That(
            WrkReport.Opening(run with { Duration = TimeSpan.FromSeconds(2) }),
            Does.StartWith("Running 2s test @ http://"));
    }
}
