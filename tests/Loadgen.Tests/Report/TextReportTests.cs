using System.Globalization;
using System.Text.RegularExpressions;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>
/// Our part of the report, in the shape of docs/loadgen.md. The expected text was written by hand.
/// </summary>
public partial class TextReportTests
{
    private const int Us = SampleRun.Us;
    private const int Ms = SampleRun.Ms;

    [Test]
    public void An_open_loop()
    {
        LoadResult result = SampleRun.Open(times: times =>
        {
            // The largest is 9.81 ms; eleven samples are above p99.99.
            SampleRun.Fill(times.Response.Finished, 9810 * Us, 11);
        }) with
        {
            Server = new ServerCost
            {
                Source = "pid 4711",
                UserTime = TimeSpan.FromSeconds(0.71),
                SystemTime = TimeSpan.FromSeconds(1.13),
                RunQueueWait = TimeSpan.FromSeconds(0.12),
                VoluntarySwitches = 12,
                InvoluntarySwitches = 3,
                ResidentBytesMax = 41 << 20,
            },
        };
        result.WarmUp.Scheduled = result.WarmUp.Ok = 20_000;
        Threshold threshold = Threshold.Parse("http_req_duration:p(99)<20ms", out _)!;

        Assert.That(
            Ours(result, threshold),
            Is.EqualTo(
                """
                Open loop 10000/s uniform, seed 42, warm-up 2s excluded, response time \
                counted from schedule
                                 p50      p90      p99    p99.9   p99.99      max
                  response     400us    400us    400us    400us   9.81ms   9.81ms
                  service      380us    380us    380us    380us    380us    380us
                  first byte   370us    370us    370us    370us    370us    370us
                  lateness      10us     10us     10us     10us     10us     10us
                  queue          0us      0us      0us      0us      0us      0us
                Accounting  100000 scheduled = 100000 ok + 0 status + 0 io + 0 timeout + 0 dropped \
                + 0 in flight
                Warm-up     20000 scheduled = 20000 ok + 0 status + 0 io + 0 timeout + 0 dropped \
                + 0 in flight
                At start    0 of the warm-up in flight when the window opened
                Status      200: 100000        Connect 64 ok, p50 61us, 0 reconnects
                Server      pid 4711: 18.4us CPU/req (7.1 user, 11.3 sys), 54.3k req per \
                CPU-second, RSS 41MB
                            run-queue wait 1.2us/req, 12 voluntary and 3 involuntary switches
                Client      CPU 61% of 1 core, loop lag p99 44us, GC 0 (0.0ms)
                Verdict     VALID
                Thresholds  ok  http_req_duration p(99)<20ms   0.40ms

                """.Replace("\\\n", "", StringComparison.Ordinal)));
    }

    [Test]
    public void A_closed_loop_has_no_schedule_and_obeys_Little_s_law()
    {
        // 64 connections and 380 us: 168,421/s.
        LoadResult result = SampleRun.Closed() with { Elapsed = TimeSpan.FromSeconds(0.59375) };

        Assert.That(
            Ours(result),
            Does.StartWith(
                """
                64 connections, closed loop, service time; hides stalls – use -R
                                 p50      p90      p99    p99.9   p99.99      max
                  service      380us    380us    380us    380us    380us    380us
                  first byte   370us    370us    370us    370us    370us    370us
                Accounting
                """));
        Assert.That(
            Ours(result),
            Does.Match(@"In flight   6[34]\.\d\d = 168421\.05/s x 380us; connections x depth = 64 "
                + @"\([+-]?0\.\d%\)\nVerdict "));
        Assert.That(
            Ours(result with { Elapsed = TimeSpan.FromSeconds(1) }),
            Does.Match(@"In flight   3[78]\.\d\d = [^\n]* = 64 \(-40\.\d%\)\n" +
                "            more than 2% below: connections were idle"));
    }

    [Test]
    public void The_uncorrected_percentiles_are_a_row_if_asked_for()
    {
        LoadResult result = SampleRun.Open(
            999, times => SampleRun.Fill(times.Service.Finished, 2 * Ms, 300));

        Assert.That(
            TextReport.Summary(result, result.Judge(), SampleRun.Percentiles, false, true),
            Does.Contain("\nUncorrected p50 380us, p75 2.00ms, p90 2.00ms, p99 –; service time\n"));
        Assert.That(Ours(result), Does.Not.Contain("Uncorrected"));
    }

    [Test]
    public void Requests_without_a_response_show_as_lower_bounds_and_too_few_samples_as_unknown()
    {
        LoadResult result = SampleRun.Open(
            5000, times => SampleRun.Fill(times.Response.Unfinished, 2000L * Ms, 100));

        Assert.That(
            Ours(result),
            Does.Contain(
                "  response     400us    400us   >2.00s        –        –   >2.00s\n"));
    }

    [Test]
    public void A_server_that_does_not_answer_has_no_times_and_is_named()
    {
        LoadResult result = SampleRun.Closed(0, times => times.Connect.Record(61 * Us)) with
        {
            Statuses = new Dictionary<int, long>(),
        };
        result.Measured.Scheduled = result.Measured.InFlight = 64;

        string text = Ours(result);

        Assert.That(
            text,
            Does.Contain("  service          –        –        –        –        –        –\n"));
        Assert.That(text, Does.Contain("Status      none "));
        Assert.That(text, Does.Contain("Verdict     TOO-FEW-SAMPLES: the server did not answer"));
        Assert.That(Whole(result), Does.Not.Contain(" 0.00us").And.Not.Contain(" 0us"));
    }

    [Test]
    public void Failures_have_their_number_and_the_first_example()
    {
        LoadResult result = SampleRun.Open().Lose(15, books =>
        {
            books.Fail(Cause.Reset, 5);
            books.Fail(Cause.Parse, 1);
            books.Fail(Cause.Timeout, 9);
            books.ConnectErrors = 2;
        }) with
        {
            Examples =
            [
                new ErrorExample(Cause.Reset, TimeSpan.FromSeconds(0.1), "the peer reset it"),
                new ErrorExample(Cause.Parse, TimeSpan.FromSeconds(1), @"X-Latency\r\n"),
            ],
            ConnectFailures = new Dictionary<Cause, long> { [Cause.ConnectRefused] = 2 },
            Tolerated = new Dictionary<string, long> { ["folded"] = 3, ["bare LF"] = 4 },
            InFlightAtStart = 7,
            Reconnects = 1,
        };
        result.WarmUp.Scheduled = result.WarmUp.Ok = 10;
        result.Measured.Unasked = 1;

        string text = Ours(result);

        Assert.That(text, Does.Contain(
            """
            At start    7 of the warm-up in flight when the window opened
            Status      200: 99985        Connect 64 ok, p50 61us, 1 reconnects, 2 failed
            Errors      1050 timeout: 9 requests
                        1212 connect-refused: 2 connects
                        1220 reset: 5 requests, first at 0.1 s: the peer reset it
                        1903 parse: 1 requests, first at 1.0 s: X-latency\r\n
            Tolerated   bare LF: 4, folded: 3
            Unasked     1 responses without a request, connections closed

            """));
    }

    [Test]
    public void A_server_that_went_away_has_a_row_with_the_rate_until_then()
    {
        LoadResult lost =
            SampleRun.Open().Lose(69_000, books => books.Fail(Cause.Reset, 69_000));
        LoadResult result = lost with
        {
            EndedDisconnected = true,
            LastResponseAt = TimeSpan.FromSeconds(3.1),
            IsInterrupted = true,
        };

        string text = Ours(result);

        Assert.That(
            text,
            Does.Contain("Gone        the server went away at 3.1 s; 10000.00/s until then\n"));
        Assert.That(text, Does.Contain("Verdict     NOISY: the server went away at 3.1 s."));
        Assert.That(text, Does.EndWith("Interrupted  results up to that point\n"));
    }

    [Test]
    public void Client_and_thresholds_say_what_is_wrong()
    {
        LoadResult result = SampleRun.Open(50_000) with
        {
            Client = new ClientHealth
            {
                CpuTime = TimeSpan.FromSeconds(10),
                SpinTime = TimeSpan.FromSeconds(3),
                Collections = 2,
                PauseTime = TimeSpan.FromMilliseconds(1.2),
            },
        };
        result = result with { Run = result.Run with { Threads = 2 } };
        result.Measured.Ok--;

        string text = Ours(
            result,
            Threshold.Parse("http_reqs:count<10", out _)!,
            Threshold.Parse("server_cpu_us_per_req:value<10", out _)!);

        Assert.That(text, Does.Contain(
            "Client      CPU 50% of 2 cores, loop lag p99 44us, GC 2 (1.2ms), idle spin 30%\n"));
        Assert.That(text, Does.Contain("Bug         the accounting of the window does not add up"));
        Assert.That(text, Does.EndWith(
            """
            Thresholds  crossed  http_reqs count<10   49999
                        crossed  server_cpu_us_per_req value<10us   no server was named; \
            use --server-pid

            """.Replace("\\\n", "", StringComparison.Ordinal)));
    }

    [Test]
    public void Parsers_of_wrk_s_output_read_it()
    {
        LoadResult result = SampleRun.Open().Lose(2, books => books.Fail(Cause.Status5xx, 2)) with
        {
            Examples = [new ErrorExample(Cause.Status5xx, default, "Latency: 1us 2us 3us 4%")],
        };
        result.Measured.Bytes = 28_636_610;

        string[] lines = Whole(result).Split('\n');

        // TechEmpower: a line with the word counts if it has four such tokens.
        string[] named =
            [.. lines.Where(line => line.Contains("Latency", StringComparison.Ordinal))];
        string[] latencies = [.. named
            .Select(line => TechEmpowerTokens().Matches(line).Select(one => one.Value).ToArray())
            .Where(tokens => tokens.Length == 4)
            .Select(tokens => string.Join(' ', tokens))];
        Assert.That(latencies, Is.EqualTo(new[] { "400.00us 0.00us 400.00us 100.00%" }));
        // HttpArena: the first line with the word.
        Assert.That(
            named[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            Is.EqualTo("400.00us"));
        string text = string.Join('\n', lines);
        Assert.That(
            Regex.Match(text, @"(\d+) requests in ([\d.]+)(\w+), ").Groups[1].Value,
            Is.EqualTo("100000"));
        Assert.That(
            Regex.Match(text, @"Requests/sec:\s+([\d.]+)").Groups[1].Value, Is.EqualTo("10000.00"));
        Assert.That(
            Regex.Match(text, @"Transfer/sec:\s+(\S+)").Groups[1].Value, Is.EqualTo("2.73MB"));
        Assert.That(
            Regex.Match(text, @"Non-2xx or 3xx responses: (\d+)").Groups[1].Value, Is.EqualTo("2"));
        Assert.That(Ours(result), Does.Not.Contain("Latency"));
    }

    [Test]
    public void The_culture_does_not_change_it()
    {
        LoadResult result = SampleRun.Open();
        Threshold threshold = Threshold.Parse("http_req_duration:p(99.9)<20.5ms", out _)!;
        string invariant = Whole(result, threshold);
        CultureInfo before = CultureInfo.CurrentCulture;
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = "٫";
        culture.NumberFormat.NegativeSign = "−";
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.That($"{1.5}", Is.EqualTo("1٫5"));

            Assert.That(Whole(result, threshold), Is.EqualTo(invariant));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string Whole(LoadResult result, params Threshold[] thresholds) =>
        TextReport.Summary(result, result.Judge(thresholds), SampleRun.Percentiles, true, false);

    // What follows the empty line.
    private static string Ours(LoadResult result, params Threshold[] thresholds) =>
        Whole(result, thresholds).Split("\n\n", 2)[1];

    [GeneratedRegex("([0-9]+\\.*[0-9]*[us|ms|s|m|%]+)")]
    private static partial Regex TechEmpowerTokens();
}
