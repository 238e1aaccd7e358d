using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>
/// The report of results that were made by hand. The expected text was written by hand, from the
/// widths and units in wrk's own output.
/// </summary>
public class TextReportTests
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
        TextReport.Opening(Plan().Description),
        Is.EqualTo(
            """
            Running 10s test @ http://127.0.0.1:8080/plaintext
              1 threads and 64 connections

            """));

    [Test]
    public void A_clean_result_is_wrk_s_block_and_four_lines()
    {
        // Two values, a hundred times each: mean 300 us; the deviation of the sample is
        // 100 us * sqrt(200/199) = 100.25 us, so all lie just inside it.
        LoadResult result = Result(books =>
        {
            books.Scheduled = books.Sent = 200;
            books.Ok = 200;
            books.Bytes = 200 * 143;
        });
        for (int i = 0; i < 100; i++)
        {
            result.Times.Service.Finished.Record(200_000);
            result.Times.Service.Finished.Record(400_000);
        }

        // Counters at 200,000 ns are 128 wide and at 400,000 ns 256: upper ends 200,063 (1562 * 128
        // = 199,936) and 400,127, which the largest value, 400,000, cuts off.
        Assert.That(
            TextReport.Summary(result),
            Is.EqualTo(
                """
                  Thread Stats   Avg      Stdev     Max   +/- Stdev
                    Latency   300.00us  100.25us 400.00us  100.00%
                    Req/Sec    20.00      0.00    20.00    100.00%
                  Latency Distribution
                     50%  200.06us
                     75%  400.00us
                     90%  400.00us
                     99%  400.00us
                  200 requests in 10.00s, 27.93KB read
                Requests/sec:     20.00
                Transfer/sec:      2.79KB

                Closed loop, service time; hides stalls
                Accounting: 200 scheduled = 200 ok + 0 status + 0 io + 0 timeout + 0 dropped + 0 in flight
                Connections: 64 made, 0 of them reconnects, 0 failed

                """));
    }

    [Test]
    public void Errors_add_lines_as_wrk_has_them_and_reading_errors_are_one_number()
    {
        LoadResult result = Result(books =>
        {
            books.Scheduled = books.Sent = 31;
            books.Ok = 1;
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

        string text = TextReport.Summary(result);

        Assert.That(
            text,
            Does.Contain("  Socket errors: connect 9, read 15, write 6, timeout 4\n"
                + "  Non-2xx or 3xx responses: 2\nRequests/sec:"));
        Assert.That(
            text,
            Does.Contain("Accounting: 31 scheduled = 1 ok + 2 status + 21 io + 4 timeout + 0 dropped"
                + " + 3 in flight\n"));
    }

    [Test]
    public void Without_responses_there_are_zeros_and_no_division_by_them()
    {
        string text = TextReport.Summary(
            Result(_ => { }) with { Elapsed = TimeSpan.Zero, Rates = [], IsInterrupted = true });

        Assert.That(text, Does.Contain("    Latency     0.00us    0.00us   0.00us    0.00%\n"));
        Assert.That(text, Does.Contain("Requests/sec:      0.00\n"));
        Assert.That(text, Does.Contain("Interrupted"));
        Assert.That(text, Does.Not.Contain("NaN"));
    }

    [Test]
    public void Beyond_wrk_s_block_no_line_has_the_word_that_parsers_look_for()
    {
        LoadResult result = Result(books => books.Unasked = 1) with { IsInterrupted = true };
        result.WarmUp.Sent = 1;
        result.Times.Service.Finished.Record(-1);

        string[] parts = TextReport.Summary(result).Split("\n\n");

        Assert.That(parts, Has.Length.EqualTo(2));
        Assert.That(parts[1], Does.Not.Contain("Latency"));
    }

    private static LoadPlan Plan() =>
        PlanWords.Read("http://127.0.0.1:8080/plaintext", "-L");

    private static LoadResult Result(Action<Tally> write)
    {
        var books = new Tally();
        write(books);
        return new LoadResult
        {
            Run = Plan().Description,
            Elapsed = TimeSpan.FromSeconds(10),
            Measured = books,
            WarmUp = new Tally(),
            Times = new LoadTimes(),
            Rates = [20, 20, 20],
            Connects = 64,
        };
    }
}
