// Reports as wrk 4.1 prints them, with and without errors.
using Reactor.Bench.Servers;

namespace Bench.Tests;

[TestFixture]
public sealed class WrkResultTests
{
    private const string Report = """
        Running 3s test @ http://127.0.0.1:8000/plaintext
          1 threads and 64 connections
          Thread Stats   Avg      Stdev     Max   +/- Stdev
            Latency   631.86us  116.99us   2.49ms   81.38%
            Req/Sec   101.81k     5.71k  109.17k    66.67%
          Latency Distribution
             50%  612.00us
             75%  669.00us
             90%    0.87ms
             99%    1.02ms
          304104 requests in 3.00s, 36.84MB read
        Requests/sec: 101342.14
        Transfer/sec:     12.28MB

        """;

    [Test]
    public void A_report_without_errors() => Assert.That(
        WrkResult.Parse(Report),
        Is.EqualTo(new WrkResult(304104, 101342.14, 612, 1020, Errors: null)));

    [TestCase("2.50s", 2_500_000)]
    [TestCase("1.50m", 90_000_000)]
    public void Latencies_have_their_units(string text, double microseconds) => Assert.That(
        WrkResult.Parse(Report.Replace("1.02ms", text, StringComparison.Ordinal)).P99Us,
        Is.EqualTo(microseconds).Within(1));

    [TestCase("  Socket errors: connect 0, read 0, write 0, timeout 1")]
    [TestCase("  Non-2xx or 3xx responses: 7")]
    public void Every_kind_of_error_is_told(string line) => Assert.That(
        WrkResult.Parse(Report.Replace(
            "Requests/sec", line + "\nRequests/sec", StringComparison.Ordinal)).Errors,
        Is.EqualTo(line.Trim()));

    [Test]
    public void No_answer_at_all_is_an_error() => Assert.That(
        WrkResult.Parse(Report.Replace("304104", "0", StringComparison.Ordinal)).Errors,
        Is.EqualTo("no request was answered"));

    [Test]
    public void What_is_no_report_is_shown() => Assert.That(
        () => WrkResult.Parse("unable to connect to 127.0.0.1:1 Connection refused\n"),
        Throws.TypeOf<FormatException>().With.Message.Contains("Connection refused"));
}
