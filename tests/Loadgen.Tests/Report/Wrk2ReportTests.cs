using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>
/// wrk2's block, written by hand from the formats in its source: <c>%7.3Lf%%</c> for percentiles,
/// <c>%12.3f %12f %12d %12.2f</c> for the spectrum.
/// </summary>
public class Wrk2ReportTests
{
    [Test]
    public void A_clean_result_with_the_uncorrected_times()
    {
        LoadResult result = SampleRun.Open(1000);

        // One value in each distribution, so that the spectrum has its first and its last row.
        Assert.That(
            Wrk2Report.Of(result, showsUncorrected: true),
            Is.EqualTo(
                """
                  Thread Stats   Avg      Stdev     Max   +/- Stdev
                    Latency   400.00us    0.00us 400.00us  100.00%
                    Req/Sec    20.00      0.00    20.00    100.00%
                  Latency Distribution (HdrHistogram - Recorded Latency)
                 50.000%  400.00us
                 75.000%  400.00us
                 90.000%  400.00us
                 99.000%  400.00us
                 99.900%       –__
                 99.990%       –__
                 99.999%       –__
                100.000%  400.00us

                  Detailed Percentile spectrum:
                       Value   Percentile   TotalCount 1/(1-Percentile)

                       0.400     0.000000         1000         1.00
                       0.400     1.000000         1000          inf
                #[Mean    =        0.400, StdDeviation   =        0.000]
                #[Max     =        0.400, Total count    =         1000]
                #[Buckets =           32, SubBuckets     =         2048]
                ----------------------------------------------------------

                  Latency Distribution (HdrHistogram - Uncorrected Latency (measured without \
                taking delayed starts into account))
                 50.000%  380.00us
                 75.000%  380.00us
                 90.000%  380.00us
                 99.000%  380.00us
                 99.900%       –__
                 99.990%       –__
                 99.999%       –__
                100.000%  380.00us

                  Detailed Percentile spectrum:
                       Value   Percentile   TotalCount 1/(1-Percentile)

                       0.380     0.000000         1000         1.00
                       0.380     1.000000         1000          inf
                #[Mean    =        0.380, StdDeviation   =        0.000]
                #[Max     =        0.380, Total count    =         1000]
                #[Buckets =           32, SubBuckets     =         2048]
                ----------------------------------------------------------
                  1000 requests in 10.00s, 0.00B read
                Requests/sec:    100.00
                Transfer/sec:       0.00B

                """.Replace("\\\n", "", StringComparison.Ordinal)
                    .Replace('_', ' ')));
    }

    [Test]
    public void Without_the_option_there_is_one_distribution_and_an_empty_run_has_no_times()
    {
        string text = Wrk2Report.Of(SampleRun.Open(0), showsUncorrected: false);

        Assert.That(text, Does.Contain(" 50.000%       –  \n").And.Not.Contain("Uncorrected"));
        Assert.That(text, Does.Not.Contain("0.00us"));
    }

    [Test]
    public void Requests_without_a_response_are_lower_bounds()
    {
        LoadResult result = SampleRun.Open(
            1000, times => SampleRun.Fill(times.Response.Unfinished, 2_000_000_000, 30));

        Assert.That(
            Wrk2Report.Of(result, showsUncorrected: false),
            Does.Contain(" 90.000%  400.00us\n 99.000%   >2.00s \n"));
    }
}
